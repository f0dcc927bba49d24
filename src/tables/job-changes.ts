import type { Database } from 'better-sqlite3'
import type { TemplateShape, Values } from '../columns/column.ts'
import { findLedgerEntry } from './ledger.ts'
import { commaNames, type SqlValue, sqlName } from './sql-columns.ts'
import { readValues } from './stored-record.ts'

export const CHANGE_KINDS = ['created', 'updated', 'deleted'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** One record on both sides of a job. A record that is not there yet has no number, and the row of the file it comes from. */
export type RecordDiff = {
  /** Where the change stands among those of its kind; the cursor of lists. */
  at: number
  recordId: number | null
  row: number | null
  /** The sheet of that row, when rows come from several. */
  sheet: string | null
  before: Values | null
  after: Values | null
}

/** `after` is the `at` of the last change of the page before. */
export type ChangesPage = { kind: ChangeKind; limit: number; after: number }

/**
 * What a job did to the records, of one kind, in the order of their ids: for an undo, what it brought back counts as
 * created. Empty when it changed nothing. What columns hold that are no longer there is not known any more.
 */
export function listJobChanges(
  db: Database,
  shape: TemplateShape,
  { jobId, ...page }: { jobId: string } & ChangesPage,
): RecordDiff[] {
  return [...iterateJobChanges(db, shape, { jobId, ...page })]
}

/** The same one by one, however many there are; the connection is busy until the last one was read. */
export function* iterateJobChanges(
  db: Database,
  shape: TemplateShape,
  { jobId, kind, limit, after }: { jobId: string } & ChangesPage,
): Generator<RecordDiff> {
  const entry = findLedgerEntry(db, jobId)?.entry
  if (entry === undefined) return
  const rows = db.prepare<[object], SqlValue[]>(changesSql(shape, kind)).raw()
  for (const row of rows.iterate({ entry, limit, after })) yield readDiff(row, shape, kind)
}

/**
 * A record that an entry created has no row of its own in the history; its later before-images still know who did. Each
 * part stops at the end of the page, so that a page does not cost what the whole would.
 */
const IDS: Record<ChangeKind, string> = {
  created: [
    'SELECT id FROM records WHERE created = :entry AND id > :after ORDER BY id LIMIT :limit',
    'SELECT DISTINCT record_id FROM history WHERE created = :entry AND record_id > :after ORDER BY record_id LIMIT :limit',
    `SELECT record_id FROM history WHERE entry = :entry AND action = 'create' AND record_id > :after
      ORDER BY record_id LIMIT :limit`,
  ]
    .map((part) => `SELECT * FROM (${part})`)
    .join(' UNION '),
  updated: `SELECT record_id AS id FROM history WHERE entry = :entry AND action = 'update' AND record_id > :after`,
  deleted: `SELECT record_id AS id FROM history WHERE entry = :entry AND action = 'delete' AND record_id > :after`,
}

/** `h` is the record before the entry; after it, it is the before-image of the next step `n`, or what is there now. */
function changesSql(shape: TemplateShape, kind: ChangeKind): string {
  const later = shape.columns.map(
    ({ id }) => `, CASE WHEN n.entry IS NULL THEN r.${sqlName(id)} ELSE n.${sqlName(id)} END`,
  )
  return `SELECT i.id${commaNames(shape.columns, 'h.')}${later.join('')}
    FROM (SELECT id FROM (${IDS[kind]}) ORDER BY id LIMIT :limit) i
    LEFT JOIN history h ON h.entry = :entry AND h.record_id = i.id
    LEFT JOIN history n ON n.record_id = i.id AND n.entry =
      (SELECT min(x.entry) FROM history x WHERE x.record_id = i.id AND x.entry > :entry)
    LEFT JOIN records r ON r.id = i.id
    ORDER BY i.id`
}

function readDiff(row: SqlValue[], shape: TemplateShape, kind: ChangeKind): RecordDiff {
  const id = Number(row[0])
  return {
    at: id,
    recordId: id,
    row: null,
    sheet: null,
    before: kind === 'created' ? null : readValues(row, shape.columns, 1),
    after: kind === 'deleted' ? null : readValues(row, shape.columns, 1 + shape.columns.length),
  }
}
