import { openAsBlob } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { JobObject } from '../../src/services/job-object.ts'
import { jobPath } from '../../src/views/paths.ts'
import type { ReadyFile } from '../data-files.ts'
import { ITEMS } from '../item-template.ts'
import { MemoryWatch } from './memory-watch.ts'
import { clickPages } from './page-clicks.ts'
import { PushWatch } from './push-watch.ts'
import { type RunningServer, startServer } from './running-server.ts'

/** What an import through a running server took, and what a person in front of it felt meanwhile; times in milliseconds. */
export type ServedImport = {
  format: 'CSV' | 'XLSX'
  rows: number
  /** From the start of the job to its end, as its card says it. */
  ms: number
  /** Of the server and all processes that it started, together. */
  peakMb: number | undefined
  idlePages: number[]
  pages: number[]
  pushes: number[]
}

const IDLE_MS = 8000
const ASK_EVERY_MS = 20
const WARM_UP = 20

/** Imports a file into an empty table of a new server, with somebody clicking through its pages and watching the job. */
export async function measureServedImport(file: ReadyFile, folder: string): Promise<ServedImport> {
  const server = await startServer(folder)
  const memory = new MemoryWatch(server.pid)
  try {
    const { id } = await ask<{ id: string }>(server, '/api/templates', template())
    const paths = ['/templates', `/templates/${id}`, '/jobs', `/templates/${id}/records`, '/up']
    await clickPages(server, { paths, until: counted(WARM_UP) })
    const idlePages = await clickPages(server, { paths, until: after(IDLE_MS) })
    const job = await upload(server, id, file.path)
    const followed = await follow(server, job.id, [...paths, jobPath(job)])
    if (followed.job.counts.created !== file.expected.rows) {
      throw new Error(`The server imported ${followed.job.counts.created} of ${file.expected.rows} rows.`)
    }
    return {
      ...{ format: file.format === 'csv' ? 'CSV' : 'XLSX', rows: file.rows, idlePages },
      ...{ ms: followed.job.progress.elapsed_ms, pages: followed.pages, pushes: followed.pushes },
      peakMb: memory.end(),
    }
  } finally {
    memory.end()
    await server.stop()
  }
}

async function follow(
  server: RunningServer,
  id: string,
  paths: string[],
): Promise<{ job: JobObject; pages: number[]; pushes: number[] }> {
  const watch = await PushWatch.open(server, id)
  let running = true
  const stopped = () => {
    running = false
  }
  const [job, pages] = await Promise.all([
    untilEnded(server, id, watch).finally(stopped),
    clickPages(server, { paths, until: () => !running }).finally(stopped),
  ])
  for (const wait = after(2000); !watch.endShown && !wait(); ) await pause(ASK_EVERY_MS)
  return { job, pages, pushes: watch.close() }
}

async function untilEnded(server: RunningServer, id: string, watch: PushWatch): Promise<JobObject> {
  for (;;) {
    const job = await ask<JobObject>(server, `/api/jobs/${id}`)
    const { percent } = job.progress
    if (job.status === 'completed') {
      watch.ended(job.finished_at ?? '')
      return job
    }
    if (job.status !== 'pending' && job.status !== 'processing') throw new Error(`The import is ${job.status}.`)
    if (percent !== null && job.heartbeat_at !== null) watch.written({ percent, at: job.heartbeat_at })
    await pause(ASK_EVERY_MS)
  }
}

async function upload(server: RunningServer, templateId: string, file: string): Promise<JobObject> {
  const form = new FormData()
  form.set('on_problems', 'skip')
  form.set('file', await openAsBlob(file), path.basename(file))
  return ask(server, `/api/templates/${templateId}/imports`, form)
}

async function ask<Answer>({ url, key }: RunningServer, route: string, body?: object): Promise<Answer> {
  const isForm = body instanceof FormData
  const answer = await fetch(url + route, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${key}`, ...(body && !isForm && { 'Content-Type': 'application/json' }) },
    body: body === undefined ? null : isForm ? body : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${route} was answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

function template(): object {
  const columns = ITEMS.columns.map(({ name, type, required, min, max, choices }) => ({
    ...{ name, type, required, min, max, choices },
  }))
  return { name: ITEMS.name, key: ITEMS.columns.filter(({ key }) => key).map(({ name }) => name), columns }
}

function after(ms: number): () => boolean {
  const end = performance.now() + ms
  return () => performance.now() > end
}

function counted(times: number): () => boolean {
  let left = times
  return () => left-- === 0
}
