import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import type { Problem, ProblemCode } from '../columns/problem.ts'
import { rowRanges } from './row-ranges.ts'
import { sheetOf, stagedSheets } from './staged-sheets.ts'

export type ProblemQuery = {
  /** Null or absent for every kind. */
  code?: string | null | undefined
  /** Absent for every column. With a code, null means problems of the row as a whole. */
  columnId?: string | null | undefined
  limit: number
  /** The `next` of the page before. */
  cursor?: string | undefined
}

export type ProblemGroup = {
  columnId: string | null
  code: ProblemCode
  count: number
  /** One sentence as an example. */
  message: string
  /** The values seen most, with how often. */
  values: { value: string; count: number }[]
  /** Row numbers as ranges: "3–17, 40"; of several sheets "May!3–17, 40; June!5". */
  rows: string
}

export type ProblemPage = { items: Problem[]; next: string | null }

const VALUES_SHOWN = 5

/** The problems of an import by column and kind, the most frequent first. */
export function problemGroups(staging: Database, shape: TemplateShape): ProblemGroup[] {
  const place = new Map(shape.columns.map(({ id }, at) => [id, at]))
  const placeOf = (id: string | null) => (id === null ? -1 : (place.get(id) ?? shape.columns.length))
  const example = staging
    .prepare<[string | null, string], string>(`${ofKind('message')} ORDER BY n, id LIMIT 1`)
    .pluck()
  const values = staging.prepare<[string | null, string], { value: string; count: number }>(
    `${ofKind('value, count(*) AS count')} AND value <> '' GROUP BY value ORDER BY 2 DESC, min(id) LIMIT ${VALUES_SHOWN}`,
  )
  const sheets = stagedSheets(staging)
  const rows = staging
    .prepare<[string | null, string, number, number], number>(
      `${ofKind('DISTINCT row')} AND n > ? AND n <= ? ORDER BY row`,
    )
    .pluck()
  const rangesOf = (columnId: string | null, code: string) =>
    sheets.flatMap(({ name, after, last }) => {
      const ranges = rowRanges(rows.iterate(columnId, code, after, last))
      return ranges === '' ? [] : [sheets.length > 1 ? `${name}!${ranges}` : ranges]
    })
  return countKinds(staging)
    .sort((a, b) => b.count - a.count || placeOf(a.columnId) - placeOf(b.columnId) || a.code.localeCompare(b.code))
    .map(({ columnId, code, count }) => ({
      columnId,
      code,
      count,
      message: example.get(columnId, code) ?? '',
      values: values.all(columnId, code),
      rows: rangesOf(columnId, code).join('; '),
    }))
}

/** A page of problems in the order of the file. A cursor that is none begins at the start. */
export function listProblems(staging: Database, query: ProblemQuery): ProblemPage {
  const [n, id] = decode(query.cursor)
  const code = query.code ?? null
  const wanted = {
    n,
    id,
    anyColumn: query.columnId === undefined || (query.columnId === null && code === null) ? 1 : 0,
    columnId: query.columnId ?? null,
    code,
    limit: query.limit + 1,
  }
  const rows = staging
    .prepare<[typeof wanted], Problem & { id: number; n: number }>(
      `SELECT id, n, ${sheetOf('n')} AS sheet, row, cell, column_id AS columnId, value, code, message FROM problems
       WHERE (n, id) > (:n, :id) AND (:anyColumn OR column_id IS :columnId) AND (:code IS NULL OR code = :code)
       ORDER BY n, id LIMIT :limit`,
    )
    .all(wanted)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map(({ id: _id, n: _n, ...problem }) => problem),
    next: rows.length > page.length && last !== undefined ? encode(last.n, last.id) : null,
  }
}

function countKinds(staging: Database): { columnId: string | null; code: ProblemCode; count: number }[] {
  return staging
    .prepare<[], { columnId: string | null; code: ProblemCode; count: number }>(
      'SELECT column_id AS columnId, code, count(*) AS count FROM problems GROUP BY column_id, code',
    )
    .all()
}

function ofKind(what: string): string {
  return `SELECT ${what} FROM problems WHERE column_id IS ? AND code = ?`
}

function encode(n: number, id: number): string {
  return Buffer.from(`${n}.${id}`).toString('base64url')
}

function decode(cursor: string | undefined): [number, number] {
  const match = /^(\d+)\.(\d+)$/.exec(Buffer.from(cursor ?? '', 'base64url').toString())
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])]
}
