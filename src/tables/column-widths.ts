import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import { sqlName } from './sql-columns.ts'

/** Enough to judge by; looking at a million would take longer than writing them. */
const LOOKED_AT = 1000

/** How many characters the longest value of each column has, by column id, as far as the first records tell. */
export function longestValues(db: Database, shape: TemplateShape): Record<string, number> {
  if (shape.columns.length === 0) return {}
  const lengths = shape.columns.map(({ id }) => `max(length(${sqlName(id)})) AS ${sqlName(id)}`).join(', ')
  const row = db
    .prepare<[number], Record<string, number | null>>(
      `SELECT ${lengths} FROM (SELECT * FROM records ORDER BY id LIMIT ?)`,
    )
    .get(LOOKED_AT)
  return Object.fromEntries(Object.entries(row ?? {}).map(([id, length]) => [id, length ?? 0]))
}
