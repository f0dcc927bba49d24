import { createHash } from 'node:crypto'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { dataFolder } from '../../src/config.ts'
import { newId } from '../../src/ids.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { childrenOf, openFiles } from '../support/processes.ts'

/** So many records there are before it, and rows in its file: as few as let every phase last long enough to be met. */
export const BASE = 6_000
const ROWS = 100_000

/** On a busy machine a moment may be over before the test could disturb it; then, and only then, it tries again. */
export const CATCHING = { retry: { count: 2, condition: /came too late/ } }

export function tooLate(late: boolean, seen = 'the job is over'): void {
  if (late) throw new Error(`the test came too late, the moment was over before it could be disturbed: ${seen}`)
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
  return whileJobsRest(() => api.startImport(templateId, CHANGES, { force: 'true', ...fields }))
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

/** How long a job process works between two looks at its job. */
const SLICE_MS = 10
/** And how long it rests at each look: its phase is noted but four times a second, in which it would have got far. */
const REST_MS = 25
/** How often it is looked for processes that have come up. */
const HOLD_EVERY_MS = 5

/** Waits for a moment of a job and fails when the job has gone past it. It works in slices, and rests while it is asked for. */
export async function reach(api: Api, job: { id: string }, moment: Moment): Promise<JobObject> {
  const seen = new Map<string, number>()
  const began = performance.now()
  return standingStill(WORKED_ON, async (letWork) => {
    for (let ms = 0; ms < 30_000; ms = Math.round(performance.now() - began)) {
      await setTimeout(REST_MS)
      const now = await api.job(job.id)
      const at = now.status === 'processing' ? (now.phase ?? 'processing') : now.status
      if (at === moment) return now
      if (!seen.has(at)) seen.set(at, ms)
      tooLate(/completed|review/.test(now.status), [...seen].map(([state, ms]) => `${state} after ${ms} ms`).join(', '))
      expect(now.status).not.toMatch(/failed|cancelled/)
      letWork(SLICE_MS)
    }
    throw new Error(`the job did not get to ${moment} in time`)
  })
}

const WORKED_ON = /\/(staging|tables|exports)\/\w+/

/**
 * Meanwhile no process is at work, not even one that is started in the middle: on a busy disk what the server is asked may
 * take so long that a job would be over by then.
 */
export function whileJobsRest<T>(meanwhile: () => Promise<T>): Promise<T> {
  return standingStill(WORKED_ON, meanwhile)
}

/** Meanwhile this job is not at work, so it is not over before what is looked at beside it. */
export function whileItRests<T>(job: { id: string }, meanwhile: () => Promise<T>): Promise<T> {
  return standingStill(new RegExp(job.id), meanwhile)
}

async function standingStill<T>(
  workedOn: RegExp,
  meanwhile: (letWork: (ms: number) => void) => Promise<T>,
): Promise<T> {
  const still = new Set<number>()
  const hold = () => {
    for (const pid of processesWith(workedOn)) {
      if (!still.has(pid)) signal(pid, 'SIGSTOP')
      still.add(pid)
    }
  }
  hold()
  const letWork = (ms: number) => {
    for (const pid of still) signal(pid, 'SIGCONT')
    // A server in this process may be busy for long, on a slow disk for example, and no timer would end the slice in time.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
    for (const pid of still) signal(pid, 'SIGSTOP')
  }
  const holding = setInterval(hold, HOLD_EVERY_MS)
  try {
    return await meanwhile(letWork)
  } finally {
    clearInterval(holding)
    for (const pid of still) signal(pid, 'SIGCONT')
  }
}

/** The processes that have such a file open, whether the server runs in this process or in one of its own. */
function processesWith(workedOn: RegExp): number[] {
  const servers = [process.pid, ...childrenOf(process.pid)]
  return servers.flatMap(childrenOf).filter((pid) => openFiles(pid).some((file) => workedOn.test(file)))
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

export function stagingOf(folder: string, job: { id: string }): string {
  return path.resolve(dataFolder(folder).staging(job.id))
}
