import { and, asc, count, eq, inArray, isNotNull, lt, ne, notExists, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { JobKind } from '../states.ts'
import type { Db } from './open.ts'
import { given, prepared } from './prepared.ts'
import { type JobRow, jobs, teams } from './schema.ts'

/** Jobs that change a table run one at a time per template; an export reads a snapshot and may run beside them. */
export const CHANGES_TABLE = ['import', 'undo'] as const satisfies JobKind[]

/** A file of this size and a table of so many records are done within a few seconds. */
const SMALL_BYTES = 1024 * 1024
const SMALL_RECORDS = 20_000

/** Whether a job is over soon, as far as its file and its table tell: a few rows that replace a large table are not. */
function isSmall(): SQL<number> {
  const fewRecords = sql`(SELECT records FROM templates WHERE id = ${jobs.templateId}) <= ${SMALL_RECORDS}`
  const undone = sql`(SELECT created + updated + deleted FROM jobs u WHERE u.id = ${jobs.input} ->> 'undoOf')`
  return sql<number>`CASE ${jobs.kind}
    WHEN 'import' THEN ${jobs.fileSize} <= ${SMALL_BYTES} AND (${jobs.input} ->> 'mode' <> 'replace' OR ${fewRecords})
    WHEN 'export' THEN ${jobs.input} ->> 'content' <> 'data' OR ${fewRecords}
    ELSE ${undone} <= ${SMALL_RECORDS} END`
}

const waitingTeams = prepared((db: Db) => {
  const first = sql<number | null>`(SELECT min(seq) FROM jobs WHERE status = 'pending' AND team_id = ${teams.id})`
  return db.select({ id: teams.id }).from(teams).where(isNotNull(first)).orderBy(first).prepare()
})

/** The teams that have jobs waiting, the one that waits longest first. */
export function listWaitingTeams(db: Db): string[] {
  return waitingTeams(db)
    .all()
    .map(({ id }) => id)
}

const claimable = prepared((db: Db) =>
  db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.status, 'pending'),
        eq(jobs.teamId, given('teamId')),
        sql`${jobs.id} NOT IN (SELECT value FROM json_each(${given('except')}))`,
        sql`(NOT ${given('smallOnly')} OR ${isSmall()})`,
        or(eq(jobs.kind, 'export'), and(tableIsFree(db), isFirstForTable(db))),
      ),
    )
    .orderBy(asc(jobs.seq))
    .limit(1)
    .prepare(),
)

/**
 * The first job of a team that could be claimed; `except` are not to be. Of jobs that change the same table only the
 * first can be, and none while one of them is being worked on: they are done in the order in which they came, also when
 * one is taken up again.
 */
export function findClaimableJob(
  db: Db,
  { teamId, smallOnly, except }: { teamId: string; smallOnly: boolean; except: string[] },
): string | undefined {
  return claimable(db).get({ teamId, smallOnly: smallOnly ? 1 : 0, except: JSON.stringify(except) })?.id
}

function tableIsFree(db: Db): SQL {
  const other = alias(jobs, 'other')
  return notExists(
    db
      .select({ seq: other.seq })
      .from(other)
      .where(
        and(eq(other.templateId, jobs.templateId), eq(other.status, 'processing'), inArray(other.kind, CHANGES_TABLE)),
      ),
  )
}

function isFirstForTable(db: Db): SQL {
  const other = alias(jobs, 'other')
  return notExists(
    db
      .select({ seq: other.seq })
      .from(other)
      .where(
        and(
          eq(other.templateId, jobs.templateId),
          eq(other.status, 'pending'),
          inArray(other.kind, CHANGES_TABLE),
          lt(other.seq, jobs.seq),
        ),
      ),
  )
}

const firstWaiting = prepared((db: Db) =>
  db
    .select({ id: jobs.id, templateId: jobs.templateId })
    .from(jobs)
    .where(and(eq(jobs.status, 'pending'), eq(jobs.teamId, given('teamId'))))
    .orderBy(asc(jobs.seq))
    .limit(sql.placeholder('limit'))
    .prepare(),
)

/** The jobs of a team that wait, in their order, as far as `limit`. */
export function listFirstWaiting(db: Db, teamId: string, limit: number): { id: string; templateId: string }[] {
  return firstWaiting(db).all({ teamId, limit })
}

const waitingCount = prepared((db: Db) => {
  const waiting = and(eq(jobs.status, 'pending'), eq(jobs.teamId, given('teamId')))
  return db.select({ count: count() }).from(jobs).where(waiting).prepare()
})

export function countWaiting(db: Db, teamId: string): number {
  return waitingCount(db).get({ teamId })?.count ?? 0
}

/** For what a pending job waits, and how many jobs of its team go before it. */
export type QueuePlace = {
  /** The job that changes the same table first. */
  table: JobRow | undefined
  /** When nothing holds its table: the job of the team that is nearest to freeing a place. */
  running: JobRow | undefined
  /** Whether other teams have jobs that run. */
  othersRun: boolean
  before: number
}

const countBefore = prepared((db: Db) =>
  db
    .select({ count: count() })
    .from(jobs)
    .where(and(eq(jobs.status, 'pending'), eq(jobs.teamId, given('teamId')), lt(jobs.seq, given('seq'))))
    .prepare(),
)

export function findQueuePlace(db: Db, job: JobRow): QueuePlace {
  const { teamId, seq } = job
  const before = countBefore(db).get({ teamId, seq })?.count ?? 0
  const changesTable = CHANGES_TABLE.some((kind) => kind === job.kind)
  const table = changesTable ? tableJobBefore(db).get({ templateId: job.templateId, id: job.id, seq }) : undefined
  const running = table === undefined ? furthest(db).get({ teamId }) : undefined
  return { table, running, othersRun: otherRunning(db).get({ teamId }) !== undefined, before }
}

const otherRunning = prepared((db: Db) =>
  db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.status, 'processing'), ne(jobs.teamId, given('teamId'))))
    .limit(1)
    .prepare(),
)

const tableJobBefore = prepared((db: Db) => {
  const sameTable = and(
    eq(jobs.templateId, given('templateId')),
    inArray(jobs.kind, CHANGES_TABLE),
    ne(jobs.id, given('id')),
  )
  const earlier = and(eq(jobs.status, 'pending'), lt(jobs.seq, given('seq')))
  return db
    .select()
    .from(jobs)
    .where(and(sameTable, or(eq(jobs.status, 'processing'), earlier)))
    .orderBy(sql`${jobs.status} = 'pending'`, asc(jobs.seq))
    .limit(1)
    .prepare()
})

const furthest = prepared((db: Db) =>
  db
    .select()
    .from(jobs)
    .where(and(eq(jobs.status, 'processing'), eq(jobs.teamId, given('teamId'))))
    .orderBy(sql`${jobs.percent} DESC`, asc(jobs.seq))
    .limit(1)
    .prepare(),
)
