import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { dataFolder } from '../../src/config.ts'
import { type Counts, NO_COUNTS } from '../../src/tables/progress.ts'
import type { Acknowledged, Worked } from './client.ts'
import { type Edit, matchEdits } from './edits.ts'
import { type CalmServer, replay } from './replay.ts'
import { findDamage, readTableState, type TableState } from './table-state.ts'

type Job = Counts & {
  id: string
  kind: string
  status: string
  template_id: string
  attempts: number
  error: string | null
}

/** Looks at a data folder whose server has stopped, and answers every promise that it finds broken. */
export async function check(
  folder: string,
  { clients, calm }: { clients: Worked[]; calm: CalmServer },
): Promise<string[]> {
  const data = dataFolder(folder)
  const jobs = readJobs(data.appDb)
  const found = [...findDamage(data.appDb), ...checkFolders(folder, jobs)]
  for (const client of clients) {
    const table = data.table(client.templateId)
    found.push(...findDamage(table))
    const state = readTableState(table)
    found.push(...checkJobs(client, { jobs, state }))
    const edits = matchEdits(client.edits, state.entries)
    found.push(...edits.found)
    for (const each of client.acknowledged) found.push(...checkUpload(folder, each))
    // What nobody asked for can't be asked for again.
    if (edits.found.length === 0) found.push(...(await compareWithCalm(client, { calm, state, edits: edits.by })))
  }
  return found
}

/** How often a job was begun again, nearly always because its process or its server died over it. */
export function countRepeats(folder: string): number {
  const jobs = [...readJobs(dataFolder(folder).appDb).values()]
  return jobs.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0)
}

function readJobs(appDb: string): Map<string, Job> {
  const db = new Database(appDb, { readonly: true })
  try {
    return new Map(
      db
        .prepare<[], Job>('SELECT * FROM jobs')
        .all()
        .map((job) => [job.id, job]),
    )
  } finally {
    db.close()
  }
}

function checkJobs(client: Worked, { jobs, state }: { jobs: Map<string, Job>; state: TableState }): string[] {
  const found: string[] = []
  for (const each of client.acknowledged) {
    const job = jobs.get(each.jobId)
    if (job === undefined) found.push(`job ${each.jobId} was acknowledged and is gone`)
    else found.push(...checkJob(job, { acknowledged: each, state }))
  }
  const known = new Set(client.acknowledged.map(({ jobId }) => jobId))
  const unknown = [...jobs.values()].filter((job) => job.template_id === client.templateId && !known.has(job.id))
  // An undo whose answer was lost is known to the server alone.
  for (const job of unknown) {
    if (job.kind === 'undo') client.acknowledged.push({ kind: 'undo', jobId: job.id, of: '' })
    else found.push(`job ${job.id} is one that nobody was told of`)
  }
  const last = state.entries.at(-1)?.records ?? 0
  if (state.count !== last) found.push(`the table has ${state.count} records, and its ledger says ${last}`)
  return found
}

const COUNTS = Object.keys(NO_COUNTS) as (keyof Counts)[]

function checkJob(job: Job, { acknowledged, state }: { acknowledged: Acknowledged; state: TableState }): string[] {
  const entries = state.entries.filter((entry) => entry.job_id === job.id)
  const what = `${job.kind} ${job.id} (${job.status}, ${job.attempts} attempts)`
  const [entry] = entries
  if (job.status === 'cancelled') {
    const wanted = acknowledged.kind === 'import' && acknowledged.cancelled
    return [
      ...(wanted ? [] : [`${what} was cancelled by nobody`]),
      ...(entries.length === 0 ? [] : [`${what} says that nothing was changed, and the ledger has it`]),
    ]
  }
  if (job.status !== 'completed') return [`${what} did not complete: ${job.error}`]
  if (entries.length !== 1 || entry === undefined) return [`${what} is in the ledger ${entries.length} times`]
  const found = COUNTS.filter((count) => job[count] !== entry[count]).map(
    (count) => `${what} counts ${job[count]} ${count}, and the ledger ${entry[count]}`,
  )
  const { read, created, updated, unchanged, skipped, problems } = job
  if (job.kind === 'import' && read !== created + updated + unchanged + skipped + problems) {
    found.push(`${what} does not add up: ${JSON.stringify(COUNTS.map((count) => [count, job[count]]))}`)
  }
  return found
}

function checkUpload(folder: string, acknowledged: Acknowledged): string[] {
  if (acknowledged.kind !== 'import') return []
  const file = path.join(dataFolder(folder).upload(acknowledged.jobId), 'original')
  if (!existsSync(file)) return [`the upload of job ${acknowledged.jobId} is gone`]
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  return sha256 === acknowledged.sheet.sha256 ? [] : [`the upload of job ${acknowledged.jobId} is not what was sent`]
}

/** What lies about that belongs to nothing, or should have been put away. */
function checkFolders(folder: string, jobs: Map<string, Job>): string[] {
  const files = ['uploads', 'staging', 'exports', 'tables'].flatMap((part) =>
    readdirSync(path.join(folder, part)).map((name) => `${part}/${name}`),
  )
  const orphans = files.filter((file) => {
    const [part, name = ''] = file.split('/')
    return part !== 'tables' && !jobs.has(name.split('.')[0] ?? '')
  })
  const unfinished = files.filter((file) => /-(wal|shm|journal)$|\.part$/.test(file))
  const needless = files.filter((file) => {
    const [, jobId = ''] = /^staging\/(\w+)\.db$/.exec(file) ?? []
    const job = jobs.get(jobId)
    return job !== undefined && (job.status === 'cancelled' || job.problems === 0)
  })
  return [
    ...orphans.map((file) => `${file} belongs to no job`),
    ...unfinished.map((file) => `${file} was left by something that did not finish`),
    ...needless.map((file) => `${file} serves nothing any more`),
  ]
}

async function compareWithCalm(
  client: Worked,
  { calm, state, edits }: { calm: CalmServer; state: TableState; edits: Map<number, Edit> },
): Promise<string[]> {
  const { templateId, acknowledged } = client
  const undisturbed = await replay(calm, { name: templateId, entries: state.entries, acknowledged, edits })
  const parts = ['records', 'history', 'ledger', 'kept', 'count'] as const
  return parts
    .filter((part) => state[part] !== undisturbed[part])
    .map((part) => `${part} of table ${templateId} are not those of an undisturbed run`)
}
