import type { Column, TemplateShape } from '../columns/column.ts'
import { columnCondition, isCompared, searchCondition } from './column-filter.ts'
import { type Condition, EVERYTHING, every, some } from './condition.ts'
import { leadsUniqueSet } from './sql-columns.ts'

/** Which records: `q` is looked for in every column, `columns` maps a column id to a wanted text (see column-filter.ts). */
export type RecordFilter = { q: string; columns: Record<string, string>; importId?: string | undefined }

/** The condition of a whole filter. Ids of columns that the template does not have are ignored. */
export function filterCondition(filter: RecordFilter, shape: TemplateShape): Condition {
  const q = filter.q.trim()
  return every([
    q === '' ? EVERYTHING : some(shape.columns.map((column) => searchCondition(column, q))),
    ...wanted(filter, shape).map(({ column, text }) => columnCondition(column, text)),
    filter.importId === undefined
      ? EVERYTHING
      : { sql: 'r.source = (SELECT entry FROM ledger WHERE job_id = ?)', params: [filter.importId] },
  ])
}

/**
 * The first column that is filtered in such a way that an index in the order of lists would find the records; not when
 * the index that keeps values unique finds them already.
 */
export function comparedColumn(filter: RecordFilter, shape: TemplateShape): Column | undefined {
  const compared = wanted(filter, shape).filter(({ column, text }) => isCompared(column, text))
  if (compared.some(({ column, text }) => text.startsWith('=') && leadsUniqueSet(shape, column))) return undefined
  return compared[0]?.column
}

function wanted(filter: RecordFilter, shape: TemplateShape): { column: Column; text: string }[] {
  return shape.columns.flatMap((column) => {
    const text = (filter.columns[column.id] ?? '').trim()
    return text === '' ? [] : [{ column, text }]
  })
}
