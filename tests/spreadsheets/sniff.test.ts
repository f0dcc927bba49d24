import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { sniffFormat } from '../../src/spreadsheets/sniff.ts'
import { FIXTURES, refusalOf, tempFolder, xlsxOf, zipOf } from './files.ts'

const folder = tempFolder()
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

describe('the content decides the format, whatever the name says', () => {
  it('finds each format', async () => {
    const formats = { 'deaths.xlsx': 'xlsx', 'simple.xlsm': 'xlsx', 'biff5.xls': 'xls', 'dataset.xlsb': 'xlsb' }
    for (const [name, format] of Object.entries({ ...formats, 'issues.ods': 'ods', 'utf16le.csv': 'csv' })) {
      const renamed = folder.write('upload.bin', readFileSync(join(FIXTURES, name)))
      expect(await sniffFormat(renamed), name).toBe(format)
    }
  })

  it('takes a short list that begins like the signature of something else for text', async () => {
    expect(await sniffFormat(folder.write('a.csv', 'PAR1,PAR2\n3,4\n'))).toBe('csv')
    expect(await sniffFormat(folder.write('b.csv', 'MZ;BZh\n1;2\n'))).toBe('csv')
  })
})

describe('what is no spreadsheet gets a sentence that says what it is', () => {
  const cases: [title: string, content: string | Uint8Array, code: string, sentence: RegExp][] = [
    ['a file of 0 bytes', '', 'empty_file', /^This file is empty: it has 0 bytes\.$/],
    ['a file of blanks', '  \r\n\t\n', 'empty_file', /only blanks/],
    ['a byte order mark alone', '\ufeff', 'empty_file', /only blanks/],
    ['a PNG', PNG, 'not_a_spreadsheet', /^This is a PNG picture, not a spreadsheet\.$/],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'not_a_spreadsheet', /a JPEG picture/],
    ['a GIF', Buffer.from('474946383961010001000000', 'hex'), 'not_a_spreadsheet', /a GIF picture/],
    ['a PDF', '%PDF-1.7\n1 0 obj\n', 'not_a_spreadsheet', /a PDF document/],
    ['a web page', '<!DOCTYPE html><html><table><tr><td>1</table>', 'not_a_spreadsheet', /a web page/],
    ['a table of HTML', '\ufeff <table border="1"><tr><td>1</td></tr></table>', 'not_a_spreadsheet', /a web page/],
    [
      'an XML spreadsheet',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      'not_a_spreadsheet',
      /Excel 2003/,
    ],
    ['JSON', '[{"a": 1}]', 'not_a_spreadsheet', /a JSON file/],
    ['a gzip', Buffer.from('1f8b0800000000000003', 'hex'), 'not_a_spreadsheet', /a gzip archive/],
    ['a program', Buffer.from('4d5a90000300000004000000ffff', 'hex'), 'not_a_spreadsheet', /a Windows program/],
    ['a zip', zipOf([{ name: 'a.txt', content: 'a' }]), 'not_a_spreadsheet', /^This is a zip archive/],
    [
      'a Word document',
      zipOf([
        {
          name: '[Content_Types].xml',
          content:
            '<Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>',
        },
      ]),
      'not_a_spreadsheet',
      /a Word document/,
    ],
    [
      'a presentation',
      zipOf([
        {
          name: '[Content_Types].xml',
          content:
            '<Override ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/>',
        },
      ]),
      'not_a_spreadsheet',
      /a PowerPoint presentation/,
    ],
    [
      'a text of OpenDocument',
      zipOf([{ name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' }]),
      'not_a_spreadsheet',
      /a text document/,
    ],
    ['a zip cut off', xlsxOf('<row><c><v>1</v></c></row>').subarray(0, -60), 'damaged', /cut off/],
    [
      'a zip with a password',
      zipOf([{ name: 'a.xml', content: 'a', flags: 1 }]),
      'encrypted',
      /protected with a password/,
    ],
  ]
  for (const [title, content, code, sentence] of cases) {
    it(title, async () => {
      const path = folder.write('upload.xls', content)
      const refusal = await refusalOf(() => sniffFormat(path))
      expect(refusal.code).toBe(code)
      expect(refusal.message).toMatch(sentence)
      expect(refusal.hint).toMatch(/\.$/)
    })
  }

  it('a workbook with a password', async () => {
    const refusal = await refusalOf(() => sniffFormat(join(FIXTURES, 'password.xlsx')))
    expect(refusal.code).toBe('encrypted')
    expect(refusal.message).toBe('This workbook is protected with a password.')
  })

  it('an XLS with a password', async () => {
    const bytes = readFileSync(join(FIXTURES, 'example1.xls'))
    // The record after the first BOF becomes a FILEPASS.
    const bof = bytes.indexOf(Buffer.from('0908100000060500', 'hex'))
    bytes.writeUInt16LE(0x2f, bof + 4 + bytes.readUInt16LE(bof + 2))
    const path = folder.write('locked.xls', bytes)
    expect((await refusalOf(() => sniffFormat(path))).code).toBe('encrypted')
    expect((await refusalOf(() => openSpreadsheet(path))).code).toBe('encrypted')
  })

  it('random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 512, maxLength: 4096 }), async (bytes) => {
        const path = folder.write('random', bytes)
        return (await refusalOf(() => openSpreadsheet(path))).message.endsWith('.')
      }),
      { numRuns: 40 },
    )
  })
})
