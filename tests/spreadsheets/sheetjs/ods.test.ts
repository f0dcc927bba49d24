import { describe, expect, it } from 'vitest'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { readCells, refusalOf, tempFolder, zipOf } from '../files.ts'

const folder = tempFolder()

const cell = (text: string) =>
  `<table:table-row><table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell></table:table-row>`
const blankEnd =
  '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'

function odsOf(tables: string, rest: { styles?: string; manifest?: string } = {}): Buffer {
  const styles = `<office:automatic-styles>${rest.styles ?? ''}</office:automatic-styles>`
  const body = `<office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body>`
  return zipOf([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    { name: 'META-INF/manifest.xml', content: rest.manifest ?? '<!DOCTYPE manifest:manifest><manifest:manifest/>' },
    { name: 'content.xml', content: `<office:document-content>${styles}${body}</office:document-content>` },
  ])
}

describe('an ODS', () => {
  it('tells which sheets are hidden, and has no rows where it only repeats blank ones', async () => {
    const styles =
      '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    const tables = `<table:table table:name="Seen" table:style-name="ta1">${cell('a')}${blankEnd}</table:table><table:table table:name="Secret" table:style-name="ta2">${cell('b')}</table:table>`
    const path = folder.write('sheets.ods', odsOf(tables, { styles }))
    const spreadsheet = await openSpreadsheet(path)
    spreadsheet.close()
    expect(spreadsheet.sheets).toEqual([
      { name: 'Seen', hidden: false, empty: false, rows: 1 },
      { name: 'Secret', hidden: true, empty: false, rows: 1 },
    ])
    expect(await readCells(path, 'Seen')).toEqual([['a']])
  })

  it('with a password is refused with its sentence', async () => {
    const manifest = '<manifest:manifest><manifest:encryption-data/></manifest:manifest>'
    const path = folder.write('locked.ods', odsOf('', { manifest }))
    expect((await refusalOf(() => openSpreadsheet(path))).message).toBe('This workbook is protected with a password.')
  })

  it('that stands for a text of a billion blanks is refused', async () => {
    const path = folder.write(
      'blanks.ods',
      odsOf(`<table:table table:name="A">${cell('<text:s text:c="1000000000"/>')}</table:table>`),
    )
    expect((await refusalOf(() => openSpreadsheet(path))).code).toBe('too_large')
  })
})
