import { copyFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Cell, Row } from '../../src/spreadsheets/cell.ts'
import { FIXTURES, readAll } from '../spreadsheets/files.ts'
import { tempFolder } from '../support/folder.ts'
import { converted } from './convert.ts'

const WORKBOOKS = [
  'bibelbund.ods',
  'biff5.xls',
  'capital-part-name.xlsx',
  'dataset.xlsb',
  'dates-1904.xlsx',
  'deaths.xlsx',
  'example1.xls',
  'hidden-sheets.xlsx',
  'issues.ods',
  'many-kinds.xlsx',
  'merged.xlsx',
  'port-lineup.xlsx',
  'simple.xlsm',
  'type-me.xls',
]

test.each(WORKBOOKS)('%s is read as LibreOffice reads it, cell by cell', async (name) => {
  const file = path.join(tempFolder(), name)
  copyFileSync(path.join(FIXTURES, name), file)
  const own = await readAll(file)
  const theirs = await readAll(await converted(file, 'xlsx'))
  expect([...theirs.keys()]).toEqual([...own.keys()])
  for (const [sheet, rows] of own) expect(plainRows(theirs.get(sheet) ?? []), sheet).toEqual(plainRows(rows))
})

function plainRows(rows: Row[]): unknown[][] {
  return rows.map(({ number, cells }) => [number, ...cells.map(plain)])
}

/**
 * What two programs must agree in. LibreOffice writes fifteen digits of a number, has numbers for booleans, and works out
 * formulas anew, in which it may find another error.
 */
function plain(cell: Cell): unknown {
  if (typeof cell === 'number') return Number(cell.toPrecision(14))
  if (typeof cell === 'boolean') return Number(cell)
  if (cell === null || typeof cell !== 'object') return cell
  if (cell.type === 'error') return 'an error'
  return cell.type === 'date' ? cell.value : Number(cell.value.toPrecision(14))
}
