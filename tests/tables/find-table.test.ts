import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/folder.ts'
import { workbookOf } from '../support/workbook-of.ts'
import { column, ITEMS, NAME, read, SKU, shapeOf, stageFile, stageText } from './imports.ts'

const HEADER = ['SKU', 'Name', 'Price']

describe('the sheet that is read', () => {
  test('is the first visible one with anything in it', async () => {
    const sheets = { Old: [HEADER, ['1', 'old', 1]], Empty: [], Items: [HEADER, ['2', 'Bolt', 2]], More: [HEADER] }
    const staged = await stageFile(tempFolder(), ITEMS, workbookOf(sheets, ['Old']))
    const { rows, details } = read(staged)
    expect([rows, details.sheet]).toEqual([1, 'Items'])
    expect(details.sheets.map(({ name, hidden, empty }) => [name, hidden, empty])).toEqual([
      ['Empty', false, true],
      ['Items', false, false],
      ['More', false, false],
      ['Old', true, false],
    ])
    const rowsRead = staged.staging.prepare(`SELECT ${SKU.id} AS sku, ${NAME.id} AS name FROM rows`).all()
    expect(rowsRead).toEqual([{ sku: '2', name: 'Bolt' }])
  })

  test('is never a hidden one unasked, but those are named, and read when one is asked for', async () => {
    const sheets = { Old: [HEADER, ['1', 'old', 1]], Empty: [], Older: [HEADER, ['2', 'older', 1]] }
    const file = workbookOf(sheets, ['Old', 'Older'])
    expect((await stageFile(tempFolder(), ITEMS, file)).result).toMatchObject({
      failed: {
        code: 'no_sheet',
        message: 'The file has no visible sheet with anything in it.',
        hint: 'Hidden sheets are only read when they are named: Old, Older.',
      },
      details: { sheet: '', sheets: [{ name: 'Empty' }, { name: 'Old' }, { name: 'Older' }] },
    })
    const older = read(await stageFile(tempFolder(), ITEMS, file, { sheet: ' older ' }))
    expect([older.rows, older.details.sheet]).toEqual([1, 'Older'])
  })
})

const ITEM = column('citem000', 'text', { name: 'Item', key: true })
const NET = column('cnet0000', 'number', { name: 'Price net' })
const GROSS = column('cgross00', 'number', { name: 'Price gross' })
const PRICES = shapeOf([ITEM, NET, GROSS])

describe('a header over two lines', () => {
  test.each([
    ['with the key in the upper one', 'Item,Price,\n,net,gross\nBolt,1,2\n', 2, [1, 2]],
    ['with the key in the lower one', ',Price,\nItem,net,gross\nBolt,1,2\n', 2, [1, 2]],
    ['below a title', 'Our prices,,\n\nItem,Price,\n,net,gross\nBolt,1,2\n', 4, [3, 4]],
  ])('is joined %s, and the rows begin below both', async (_where, text, headerRow, lines) => {
    const staged = await stageText(tempFolder(), PRICES, text)
    const { rows, bad, details } = read(staged)
    expect({ rows, bad, headerRow: details.headerRow }).toEqual({ rows: 1, bad: 0, headerRow })
    expect(details.headers.map(({ header, columnId }) => [header, columnId])).toEqual([
      ['Item', ITEM.id],
      ['Price net', NET.id],
      ['Price gross', GROSS.id],
    ])
    expect(details.warnings).toEqual([
      `The header is in two lines, rows ${lines.join(' and ')}; they were joined, as in 'Price net'.`,
    ])
    expect(staged.staging.prepare('SELECT * FROM rows').all()).toMatchObject([
      { row: headerRow + 1, [ITEM.id]: 'Bolt', [NET.id]: 1, [GROSS.id]: 2 },
    ])
  })

  test.each([1, 2])('is joined, whichever of its lines is named as the header (%i)', async (headerRow) => {
    const text = 'Item,Price,\n,net,gross\nBolt,1,2\n'
    const { rows, details } = read(await stageText(tempFolder(), PRICES, text, { headerRow }))
    expect([rows, details.headerRow, details.missing]).toEqual([1, 2, []])
  })
})
