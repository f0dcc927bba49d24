import { createHash } from 'node:crypto'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { dataFolder } from '../../src/config.ts'
import { newId } from '../../src/ids.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'

const BASE = 15_000
const ROWS = 120_000

/** On a busy machine a moment may be over before the test could disturb it; then, and only then, it tries again. */
export const CATCHING = { retry: { count: 2, condition: /came too late/ } }

export function tooLate(late: boolean): void {
  if (late) throw new Error('the test came too late: the moment was over before it could be disturbed')
}

/** A template in mode replace with records in it. */
export async function baseTemplate(api: Api, name: string): Promise<{ id: string }> {
  const template = await api.createTemplate({
    ...ITEMS,
    name: `${name} ${newId()}`,
    mode: 'replace',
    on_problems: 'skip',
  })
  await api.import(template.id, { name: 'base.csv', text: manyItems(BASE) })
  return template
}

/** A file that creates, updates, deletes and leaves records, with some rows that are refused. */
export const CHANGES = {
  name: 'changes.csv',
  text: itemsCsv(
    Array.from({ length: ROWS }, (_, n) => n)
      .filter((n) => n >= BASE || n % 50 !== 0)
      .map((n) => [
        String(n).padStart(7, '0'),
        `Item ${n}`,
        n % 10 === 0 ? n + 0.5 : n,
        n % 5000 === 7 ? '31/02/2024' : '28/02/2024',
      ]),
  ),
}

/** Starts the import of `CHANGES`; nothing is asked unless `fields` say so. */
export function startChanges(api: Api, templateId: string, fields: Record<string, string> = {}): Promise<JobObject> {
  return api.startImport(templateId, CHANGES, { force: 'true', ...fields })
}

/** What an import left: the records with their ids, which jobs changed the table, and what the job says of itself. */
export async function outcome(api: Api, folder: string, job: { id: string; template_id: string }) {
  const { status, counts, progress, error } = await api.job(job.id)
  const { records } = await api.template(job.template_id)
  return { status, counts, rows: progress.rows_done, error, records, ...readTable(folder, job) }
}

export function readTable(folder: string, job: { id: string; template_id: string }) {
  const db = new Database(dataFolder(folder).table(job.template_id), { readonly: true })
  try {
    return {
      digest: digest(db.prepare('SELECT * FROM data ORDER BY __record_id').raw().iterate()),
      entries: db.prepare('SELECT count(*) FROM ledger').pluck().get(),
      entriesOfJob: db.prepare('SELECT count(*) FROM ledger WHERE job_id = ?').pluck().get(job.id),
      images: db.prepare('SELECT count(*) FROM history').pluck().get(),
      intact: db.pragma('integrity_check', { simple: true }),
    }
  } finally {
    db.close()
  }
}

function digest(rows: Iterable<unknown>): string {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`)
  return hash.digest('hex')
}

type Moment = 'pending' | 'reading' | 'comparing' | 'applying' | 'review'

/** Waits for a moment of a job and fails when the job has gone past it. Asked as often as the server answers. */
export async function reach(api: Api, job: { id: string }, moment: Moment): Promise<JobObject> {
  const until = performance.now() + 30_000
  while (performance.now() < until) {
    const now = await api.job(job.id)
    if ((now.status === 'processing' ? now.phase : now.status) === moment) return now
    tooLate(/completed|review/.test(now.status))
    expect(now.status).not.toMatch(/failed|cancelled/)
  }
  throw new Error(`the job did not get to ${moment} in time`)
}

export function stagingOf(folder: string, job: { id: string }): string {
  return path.resolve(dataFolder(folder).staging(job.id))
}
