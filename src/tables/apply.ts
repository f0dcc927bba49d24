import type { Database, Statement } from 'better-sqlite3'
import type { Column, Mode, TemplateShape } from '../columns/column.ts'
import { createIndexes, dropUniqueIndexes } from './alter-table.ts'
import { type Comparison, compare, lastCompared } from './compare.ts'
import { inSlices } from './comparing.ts'
import { withAttached } from './connection.ts'
import { saveImages } from './history.ts'
import { closeEntry, countRecords, dataVersion, findLedgerEntry, insertEntry } from './ledger.ts'
import type { Counts, Progress } from './progress.ts'
import { dropSortIndexesBefore } from './sort-index.ts'
import { anyDiffers, commaNames, sqlName, uniqueSets } from './sql-columns.ts'
import { stagedProgress } from './staged-progress.ts'
import { stagedSheets } from './staged-sheets.ts'
import { STATE, stagingMeta } from './staging.ts'

export type ApplyOptions = {
  /** A staging file that was compared. */
  staging: Database
  table: Database
  shape: TemplateShape
  mode: Mode
  jobId: string
  /** The name of the file, for people. */
  file: string
  actor: string
  /** The fingerprint of the comparison that is to be carried out. */
  plan: string
  /** May throw to stop; nothing has happened then. */
  onProgress?: ((progress: Progress) => void) | undefined
}

export type Applied = { applied: true; counts: Counts } | { changed: Comparison }

const SLICE = 20_000

/**
 * Carries out a compared import in one transaction: before-images, updates, deletions, new records in the order of the
 * file, and the ledger entry. It happens once for each job: asked again, it answers what was done. When the table has
 * changed since the comparison, nothing is done and the answer is a new comparison; with its plan, ask again.
 */
export function applyImport(options: ApplyOptions): Applied {
  const { staging, table, shape, mode, onProgress } = options
  const applied = withAttached(table, 's', staging, () =>
    table.transaction((): Applied | undefined => applyOnce(options)).immediate(),
  )
  return applied ?? { changed: compare({ staging, table, shape, mode, onProgress }) }
}

/** `undefined` when the comparison no longer holds. */
function applyOnce(options: ApplyOptions): Applied | undefined {
  const { staging, table, mode, plan, jobId, file, actor } = options
  const before = findLedgerEntry(table, jobId)
  if (before !== undefined) return { applied: true, counts: before.counts }
  const compared = lastCompared(staging)
  if (compared === undefined) throw new Error(`${staging.name} was not compared with the table`)
  const holds = compared.plan === plan && compared.mode === mode && compared.dataVersion === dataVersion(table)
  if (!holds) return undefined
  const at = new Date().toISOString()
  const entry = insertEntry(table, { kind: 'import', jobId, file, actor, at })
  const counts = writeRecords({ ...options, entry, at }, compared.counts)
  closeEntry(table, entry, counts)
  return { applied: true, counts }
}

type Writing = ApplyOptions & { entry: number; at: string }

function writeRecords(writing: Writing, planned: Counts): Counts {
  const { table, shape, onProgress } = writing
  const rows = planned.read
  const done: Counts = { ...planned, created: 0, updated: 0, deleted: 0 }
  const progress = stagedProgress(table, { schema: 's', phase: 'applying', rows })
  dropSortIndexesBefore(table, { changes: planned.created + planned.updated + planned.deleted })
  if (planned.deleted > 0) {
    deleteRecords(writing, (deleted) => {
      done.deleted += deleted
      onProgress?.(progress(0, { ...done }))
    })
  }
  if (planned.updated > 0) freeUniqueValues(writing)
  const rebuild = isRebuildFaster(table, planned.created)
  if (rebuild) dropUniqueIndexes(table)
  const step = compileStep(writing, planned)
  inSlices(planned.created + planned.updated === 0 ? 0 : rows, SLICE, (from, to) => {
    const { created, updated } = step(from, to)
    done.created += created
    done.updated += updated
    onProgress?.(progress(to, { ...done }))
  })
  if (rebuild) createIndexes(table, shape)
  onProgress?.(progress(rows, { ...done }))
  return done
}

function deleteRecords({ table, shape, entry }: Writing, onSlice: (deleted: number) => void): void {
  const range = 'record > :from AND record <= :to'
  const image = table.prepare(
    `${saveImages(shape, 'delete')} FROM s.deletions d CROSS JOIN records r ON r.id = d.record WHERE ${range}`,
  )
  const remove = table.prepare(`DELETE FROM records WHERE id IN (SELECT record FROM s.deletions WHERE ${range})`)
  const next = table
    .prepare<[number], number | null>(
      `SELECT max(record) FROM (SELECT record FROM s.deletions WHERE record > ? ORDER BY record LIMIT ${SLICE})`,
    )
    .pluck()
  let from = 0
  for (let to = next.get(from) ?? null; to !== null; to = next.get(from) ?? null) {
    image.run({ entry, from, to })
    onSlice(remove.run({ from, to }).changes)
    from = to
  }
}

/**
 * Two records may swap their keys in one import. Each update must find its value free, so records whose key or unique
 * values change first lose them; every value that is set afterwards is set once. Their before-images are saved here.
 */
function freeUniqueValues({ table, shape, staging, entry }: Writing): void {
  const columns = fileColumns(shape, staging)
  for (const set of uniqueSets(shape)) {
    const written = set.filter((column) => columns.includes(column))
    if (written.length === 0) continue
    table.exec(`CREATE TEMP TABLE freed AS SELECT r.id
      FROM s.matches m CROSS JOIN s.rows n ON n.n = m.n CROSS JOIN records r ON r.id = m.record
      WHERE m.state = ${STATE.changed} AND ${anyDiffers(written, 'n.', 'r.')}`)
    table
      .prepare(
        `${saveImages(shape, 'update')} FROM temp.freed f CROSS JOIN records r ON r.id = f.id WHERE ${NOT_SAVED}`,
      )
      .run({ entry })
    const empty = written.map(({ id }) => `${sqlName(id)} = NULL`).join(', ')
    table.exec(`UPDATE records SET ${empty} WHERE id IN (SELECT id FROM temp.freed); DROP TABLE temp.freed`)
  }
}

const NOT_SAVED = 'NOT EXISTS (SELECT 1 FROM history h WHERE h.entry = :entry AND h.record_id = r.id)'

type Written = { created: number; updated: number }

/** Statements that update and insert the rows of a slice, as far as there is something for them to do. */
function compileStep(writing: Writing, planned: Written): (from: number, to: number) => Written {
  const { staging, entry, at } = writing
  const sheets = stagedSheets(staging)
  const { image, update } = planned.updated > 0 ? compileUpdate(writing) : {}
  const insert = planned.created > 0 ? compileInsert(writing) : undefined
  return (from, to) => {
    image?.run({ entry, from, to })
    const done = { created: 0, updated: 0 }
    for (const { name, after, last } of sheets) {
      if (last <= from || after >= to) continue
      const own = { entry, sheet: name, at, from: Math.max(from, after), to: Math.min(to, last) }
      done.updated += update?.run(own).changes ?? 0
      done.created += insert?.run(own).changes ?? 0
    }
    return done
  }
}

function compileUpdate({ table, shape, staging }: Writing): { image: Statement; update: Statement } {
  const columns = fileColumns(shape, staging)
  const image = table.prepare(`${saveImages(shape, 'update')} FROM s.matches m CROSS JOIN records r ON r.id = m.record
    WHERE ${slice(STATE.changed)} AND ${NOT_SAVED}`)
  const set = columns.map(({ id }) => `, ${sqlName(id)} = n.${sqlName(id)}`).join('')
  const update = table.prepare(`UPDATE records AS r
    SET entry = :entry, source = :entry, sheet = :sheet, row = n.row, updated_at = :at${set}
    FROM s.matches m CROSS JOIN s.rows n ON n.n = m.n WHERE r.id = m.record AND ${slice(STATE.changed)}`)
  return { image, update }
}

function compileInsert({ table, shape, staging }: Writing): Statement {
  const columns = fileColumns(shape, staging)
  return table.prepare(`INSERT INTO records
    (entry, created, source, sheet, row, created_at, updated_at${commaNames(columns)})
    SELECT :entry, :entry, :entry, :sheet, n.row, :at, :at${commaNames(columns, 'n.')}
    FROM s.matches m CROSS JOIN s.rows n ON n.n = m.n WHERE ${slice(STATE.new)} ORDER BY m.n`)
}

function slice(state: number): string {
  return `m.state = ${state} AND m.n > :from AND m.n <= :to`
}

function fileColumns(shape: TemplateShape, staging: Database): Column[] {
  const present: string[] = JSON.parse(stagingMeta(staging, 'columns') ?? '[]')
  return shape.columns.filter(({ id }) => present.includes(id))
}

/** Many keys in random order are put into an index one by one; sorted all at once they are several times faster. */
function isRebuildFaster(table: Database, created: number): boolean {
  return created > 10_000 && created > countRecords(table) / 2
}
