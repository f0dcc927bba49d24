import { joinTerms, type SqlValue } from './sql-columns.ts'

/** A condition as SQL over `records r`, with what has to be bound. */
export type Condition = { sql: string; params: SqlValue[] }

export const EVERYTHING: Condition = { sql: '1', params: [] }
export const NOTHING: Condition = { sql: '0', params: [] }

export function every(conditions: Condition[]): Condition {
  return joined(
    conditions.filter((each) => each !== EVERYTHING),
    'AND',
    EVERYTHING,
  )
}

export function some(conditions: Condition[]): Condition {
  return joined(
    conditions.filter((each) => each !== NOTHING),
    'OR',
    NOTHING,
  )
}

export function not({ sql, params }: Condition): Condition {
  return { sql: `(${sql}) IS NOT TRUE`, params }
}

function joined(conditions: Condition[], operator: 'AND' | 'OR', none: Condition): Condition {
  if (conditions.length === 0) return none
  return {
    sql: joinTerms(
      conditions.map(({ sql }) => sql),
      operator,
    ),
    params: conditions.flatMap(({ params }) => params),
  }
}
