import type { Column, ColumnType, TemplateShape } from '../src/columns/column.ts'
import { isWideDate, wideHeader } from './item-rows.ts'
import { column } from './item-template.ts'

/** As many columns as the key of a wide table has; no two rows share all of them. */
const KEY_COLUMNS = 3

/** The template of the wide table. */
export const WIDE: TemplateShape = {
  ...{ id: 'tpl_wide', name: 'Wide', version: 1, groupColumnId: null },
  columns: wideHeader().map(wideColumn),
}

function wideColumn(name: string, at: number): Column {
  const id = `c${String(at).padStart(7, '0')}`
  return column(id, name, { type: wideType(at), required: at < KEY_COLUMNS, key: at < KEY_COLUMNS })
}

function wideType(at: number): ColumnType {
  if (isWideDate(at)) return 'date'
  if (at % 10 === 9) return 'boolean'
  return at % 5 < 2 ? 'text' : 'number'
}
