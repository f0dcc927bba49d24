import type { TemplateShape } from '../columns/column.ts'
import type { Spreadsheet } from '../spreadsheets/spreadsheet.ts'
import { type FoundTable, findTable } from './find-table.ts'
import type { Reading } from './reading.ts'

/** A sheet beside the first: its table, or null when its columns are not those of the first. */
export type OtherSheet = { name: string; table: FoundTable | null }

/** The names of the visible sheets with something in them, besides the one that is read first. */
export function otherSheets({ sheets }: Spreadsheet, first: string): string[] {
  return sheets.filter((sheet) => sheet.name !== first && !sheet.hidden && !sheet.empty).map(({ name }) => name)
}

/** The other sheets, each opened when its turn comes. Of one shape are those with the same columns at the same places. */
export async function* sameSheets(
  spreadsheet: Spreadsheet,
  first: FoundTable,
  { shape, reading }: { shape: TemplateShape; reading: Reading },
): AsyncGenerator<OtherSheet> {
  for (const name of otherSheets(spreadsheet, first.details.sheet)) {
    const found = await findTable(spreadsheet, shape, { ...reading, sheet: name })
    if ('failed' in found) yield { name, table: null }
    else if (isSameShape(found, first)) yield { name, table: found }
    else {
      await found.close()
      yield { name, table: null }
    }
  }
}

function isSameShape(one: FoundTable, other: FoundTable): boolean {
  const places = ({ columns, recordIdIndex }: FoundTable) =>
    JSON.stringify([recordIdIndex, columns.map(({ index, column }) => [index, column.id])])
  return places(one) === places(other)
}
