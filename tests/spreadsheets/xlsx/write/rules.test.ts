import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { firstSheet } from '../../../../src/spreadsheets/first-sheet.ts'
import { openSpreadsheet } from '../../../../src/spreadsheets/open.ts'
import type { OutColumn, OutRule, OutSheet, OutType } from '../../../../src/spreadsheets/out-sheet.ts'
import { writeXlsx } from '../../../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { readCells, readPart, tempFolder } from '../../files.ts'

const folder = tempFolder()
const error = 'That is not allowed.'
const many = Array.from({ length: 100 }, (_, at) => `Choice ${at + 1}`)

async function written(columns: OutColumn[], more: Partial<OutSheet> = {}): Promise<string> {
  const path = folder.path('rules.xlsx')
  await writeXlsx(path, { name: 'Items', columns, rows: [], ...more })
  return path
}

async function ruleOf(type: OutType, rule: Partial<OutColumn['rule']> = {}): Promise<string> {
  const path = await written([{ id: null, header: 'Field', type, rule: { error, ...rule } }])
  return /<dataValidation .*?<\/dataValidation>/.exec(await readPart(path, 'xl/worksheets/sheet1.xml'))?.[0] ?? ''
}

const formulas = (rule: string) => Array.from(rule.matchAll(/<formula\d>(.*?)<\/formula\d>/g), ([, formula]) => formula)

describe('what may be typed into a column', () => {
  it('is a choice of a list, which stands in the rule when it is short', async () => {
    const rule = await ruleOf('choice', { choices: ['red', 'green & blue', "it's"] })
    expect(rule).toContain('type="list" allowBlank="1" showErrorMessage="1"')
    expect(rule).toContain('sqref="A2:A1048576"')
    expect(formulas(rule)).toEqual(["&quot;red,green &amp; blue,it's&quot;"])
  })

  it('is a choice of a list on a hidden sheet when it is long, or has commas or quotes in it', async () => {
    for (const choices of [many, ['a, b', 'c'], ['5"'], [' x'], ['=1']]) {
      const path = await written([{ id: null, header: 'Field', type: 'choice', rule: { error, choices } }])
      const xml = await readPart(path, 'xl/worksheets/sheet1.xml')
      expect(formulas(xml)).toEqual([`'Choices'!$A$1:$A$${choices.length}`])
      expect(await readCells(path, 'Choices')).toEqual(choices.map((choice) => [choice]))
      expect(XLSX.read(readFileSync(path)).Workbook?.Sheets?.map(({ name, Hidden }) => [name, Hidden])).toEqual([
        ['Items', 0],
        ['Choices', 1],
      ])
    }
  })

  it('is TRUE or FALSE, also by its list', async () => {
    expect(formulas(await ruleOf('boolean'))).toEqual(['&quot;TRUE,FALSE&quot;'])
  })

  it('is a number, a whole one or any, within its bounds', async () => {
    expect(await ruleOf('number')).toContain('type="decimal" operator="between"')
    expect(await ruleOf('number', { min: 1e-7 })).toMatch(/operator="greaterThanOrEqual".*<formula1>1E-7</)
    expect(await ruleOf('number', { max: 9.5 })).toMatch(/operator="lessThanOrEqual".*<formula1>9.5</)
    expect(formulas(await ruleOf('integer', { min: 1, max: 10 }))).toEqual(['1', '10'])
    expect(formulas(await ruleOf('integer'))).toEqual(['-9007199254740991', '9007199254740991'])
  })

  it('is a date, with its bounds as a workbook counts days', async () => {
    const rule = await ruleOf('date', { min: '2024-01-01', max: '2024-12-31' })
    expect(rule).toContain('type="date" operator="between"')
    expect(formulas(rule)).toEqual(['45292', '45657'])
    expect(formulas(await ruleOf('datetime', { max: '2024-12-31' }))[0]).toMatch(/^45657\.99998/)
  })

  it('is only advised against where it may be a day before 1900, which has to be text', async () => {
    expect(await ruleOf('date')).toContain('errorStyle="warning"')
    expect(await ruleOf('date', { min: '1850-01-01' })).toContain('errorStyle="warning"')
    expect(await ruleOf('date', { min: '1990-01-01' })).not.toContain('errorStyle')
  })

  it('is a text of some length, or any text', async () => {
    expect(await ruleOf('text', { min: 2, max: 5 })).toMatch(/type="textLength" operator="between".*>2<.*>5</)
    expect(await ruleOf('text')).toBe('')
    expect(await ruleOf('choice', { choices: [] })).toBe('')
  })

  it('is told in sentences that are no longer than a program takes', async () => {
    const header = 'A header of more than thirty-two characters'
    const rule = { error: 'e"<&>'.repeat(100), prompt: 'p'.repeat(300) }
    const xml = await readPart(await written([{ id: null, header, type: 'date', rule }]), 'xl/worksheets/sheet1.xml')
    const told = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(xml)?.[1]
    expect(told('promptTitle')).toBe('A header of more than thirty-tw…')
    expect(told('prompt')).toBe(`${'p'.repeat(254)}…`)
    expect(told('error')?.replace(/&\w+;/g, '_')).toHaveLength(255)
  })
})

describe('the header of a column', () => {
  const columns: OutColumn[] = [
    { id: 'caaaaaaa', header: 'Name', type: 'text', required: true, note: 'Text.\nMust be filled. <&>' },
    { id: 'cbbbbbbb', header: 'Kind', type: 'choice', note: 'One of: a, b.', rule: { error, choices: many } },
  ]

  it('is coloured when the column must be filled', async () => {
    const xml = await readPart(await written(columns), 'xl/worksheets/sheet1.xml')
    expect(xml).toMatch(/<c r="A1" s="6".*<c r="B1" s="1"/)
  })

  it('has a note that other programs read', async () => {
    const path = await written(columns, { recordIds: true, marks: { templateId: 't1', version: 1 } })
    const sheet = XLSX.read(readFileSync(path)).Sheets.Items
    expect(sheet?.B1.c[0]).toMatchObject({ a: 'Sheetport', t: 'Text.\nMust be filled. <&>' })
    expect(sheet?.C1.c[0]).toMatchObject({ t: 'One of: a, b.' })
    expect(sheet?.A1.c).toBeUndefined()
    const drawing = await readPart(path, 'xl/drawings/vmlDrawing1.vml')
    expect(Array.from(drawing.matchAll(/<x:Column>(\d+)</g), ([, at]) => at)).toEqual(['1', '2'])
  })

  it('may be one of more than a thousand with a note: the drawing then names all its blocks', async () => {
    const wide = Array.from(
      { length: 2000 },
      (_, at): OutColumn => ({ id: null, header: `C${at}`, type: 'text', note: 'x' }),
    )
    expect(await readPart(await written(wide), 'xl/drawings/vmlDrawing1.vml')).toContain('data="1,2"')
  })
})

describe('the workbook with rules and notes', () => {
  it('is read as the sheet that is seen, never as the list of choices', async () => {
    const columns: OutColumn[] = [{ id: 'caaaaaaa', header: 'Kind', type: 'choice', rule: { error, choices: many } }]
    const path = await written(columns, { name: 'choices', marks: { templateId: 't1', version: 4 } })
    const spreadsheet = await openSpreadsheet(path)
    spreadsheet.close()
    expect(firstSheet(spreadsheet)).toBe('choices')
    expect(spreadsheet.sheets).toEqual([
      { name: 'choices', hidden: false, empty: false },
      { name: 'Choices (lists)', hidden: true, empty: false },
    ])
    expect(spreadsheet.marks?.columns).toEqual(new Map([[0, 'caaaaaaa']]))
  })

  it('has the elements of its sheet in the order of the schema, whatever it has', async () => {
    // ECMA-376 Part 1, 18.3.1.99, of the elements that are written.
    const order =
      'sheetViews sheetFormatPr cols sheetData autoFilter dataValidations ignoredErrors legacyDrawing'.split(' ')
    const column = fc.record({
      id: fc.constant(null),
      header: fc.string(),
      type: fc.constantFrom<OutType>('text', 'number', 'integer', 'boolean', 'date', 'choice'),
      note: fc.constantFrom('', 'A note.'),
      rule: fc.constantFrom<OutRule>({ error, choices: ['a'] }, { error }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(column, { maxLength: 4 }), fc.boolean(), async (columns, filled) => {
        const path = await written(columns, { rows: filled ? [columns.map(() => null)] : [] })
        const xml = await readPart(path, 'xl/worksheets/sheet1.xml')
        const found = xml
          .replace(/<sheetData>.*<\/sheetData>/s, '<sheetData/>')
          .match(/<(\w+)/g)
          ?.map((each) => each.slice(1))
        const top = found?.filter((each) => order.includes(each)) ?? []
        expect(top).toEqual(order.filter((each) => top.includes(each)))
      }),
      { numRuns: 40 },
    )
  })

  it('does not complain of digits that are meant as text', async () => {
    const path = await written([{ id: null, header: 'Zip', type: 'text' }], { rows: [['00042']] })
    expect(await readPart(path, 'xl/worksheets/sheet1.xml')).toContain(
      '<ignoredErrors><ignoredError sqref="A2:A2" numberStoredAsText="1"/></ignoredErrors>',
    )
  })
})
