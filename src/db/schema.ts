import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { COLUMN_TYPES, DATE_ORDERS, DECIMAL_SIGNS, MODES, POLICIES } from '../columns/column.ts'
import {
  type ExportContent,
  type ExportDelimiter,
  type ExportFormat,
  JOB_KINDS,
  JOB_STATUSES,
  PHASES,
} from '../states.ts'
import type { ImportDetails } from '../tables/import-details.ts'
import type { Reading } from '../tables/reading.ts'

/** Times are ISO 8601 in UTC, as the API says them. */
const now = sql`(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`
const createdAt = text('created_at').notNull().default(now)

export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** Trimmed and in lower case. */
    email: text('email').notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt,
  },
  (t) => [uniqueIndex('users_email').on(t.email)],
)

export const teams = sqliteTable('teams', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt,
})

export const memberships = sqliteTable(
  'memberships',
  {
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt,
  },
  (t) => [primaryKey({ columns: [t.teamId, t.userId] }), index('memberships_user').on(t.userId)],
)

export const sessions = sqliteTable(
  'sessions',
  {
    /** SHA-256 of the cookie's token, in hex: who steals the database has no session. */
    tokenHash: text('token_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    createdAt,
    expiresAt: text('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId)],
)

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    /** The first characters, so that a person can tell keys apart. */
    prefix: text('prefix').notNull(),
    keyHash: text('key_hash').notNull(),
    name: text('name').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    createdAt,
    lastUsedAt: text('last_used_at'),
  },
  (t) => [uniqueIndex('api_keys_hash').on(t.keyHash)],
)

export const templates = sqliteTable(
  'templates',
  {
    id: text('id').primaryKey(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    mode: text('mode', { enum: MODES }).notNull().default('update'),
    onProblems: text('on_problems', { enum: POLICIES }).notNull().default('review'),
    groupColumnId: text('group_column_id'),
    /** Grows by one with every change of the columns. */
    version: integer('version').notNull().default(1),
    /** How many records the table holds, kept by whoever writes them, so that lists need not count. */
    records: integer('records').notNull().default(0),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt,
    updatedAt: text('updated_at').notNull().default(now),
  },
  (t) => [uniqueIndex('templates_name').on(t.teamId, sql`lower(${t.name})`)],
)

export const columns = sqliteTable(
  'columns',
  {
    id: text('id').notNull(),
    templateId: text('template_id')
      .notNull()
      .references(() => templates.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    type: text('type', { enum: COLUMN_TYPES }).notNull(),
    required: integer('required', { mode: 'boolean' }).notNull(),
    unique: integer('unique', { mode: 'boolean' }).notNull(),
    key: integer('key', { mode: 'boolean' }).notNull(),
    aliases: text('aliases', { mode: 'json' }).$type<string[]>().notNull(),
    choices: text('choices', { mode: 'json' }).$type<string[]>().notNull(),
    min: text('min', { mode: 'json' }).$type<number | string>(),
    max: text('max', { mode: 'json' }).$type<number | string>(),
    pattern: text('pattern'),
    dateOrder: text('date_order', { enum: DATE_ORDERS }),
    decimal: text('decimal', { enum: DECIMAL_SIGNS }),
  },
  (t) => [primaryKey({ columns: [t.templateId, t.id] })],
)

/** What a job was asked to do; a retry does the same again, unless a person says how else its file is to be read. */
export type JobInput =
  | {
      kind: 'import'
      mode: (typeof MODES)[number]
      onProblems: (typeof POLICIES)[number]
      reading: Reading
      dryRun: boolean
      /** Do what was asked without stopping to ask about deletions. */
      force: boolean
    }
  | {
      kind: 'export'
      format: ExportFormat
      content: ExportContent
      filter: RecordFilter | null
      /** The import or undo whose changes are wanted. */
      changesOf?: string
      /** Of a CSV; commas when it is not said. */
      delimiter?: ExportDelimiter
    }
  | { kind: 'undo'; undoOf: string }

/** Which records: `q` is looked for in every column, `columns` maps a column id to a wanted text. */
export type RecordFilter = { q: string; columns: Record<string, string> }

export type JobError = { code: string; message: string; hint: string }

export const jobs = sqliteTable(
  'jobs',
  {
    /** The order of jobs. Clocks jump, this does not. */
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    templateId: text('template_id')
      .notNull()
      .references(() => templates.id, { onDelete: 'cascade' }),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    kind: text('kind', { enum: JOB_KINDS }).notNull(),
    status: text('status', { enum: JOB_STATUSES }).notNull().default('pending'),
    phase: text('phase', { enum: PHASES }),
    input: text('input', { mode: 'json' }).$type<JobInput>().notNull(),
    fileName: text('file_name'),
    fileSize: integer('file_size'),
    fileSha256: text('file_sha256'),
    /** The plan a person approved, by its fingerprint; null until then. */
    approved: text('approved'),
    /** The plan that waits for a person, by its fingerprint. */
    plan: text('plan'),
    details: text('details', { mode: 'json' }).$type<ImportDetails>(),
    rowsDone: integer('rows_done').notNull().default(0),
    rowsTotal: integer('rows_total'),
    percent: integer('percent'),
    groupsDone: integer('groups_done').notNull().default(0),
    groupsTotal: integer('groups_total'),
    /** Rows a second over the last seconds; null when nothing can be said. */
    speed: integer('speed'),
    etaMs: integer('eta_ms'),
    elapsedMs: integer('elapsed_ms').notNull().default(0),
    read: integer('read').notNull().default(0),
    created: integer('created').notNull().default(0),
    updated: integer('updated').notNull().default(0),
    unchanged: integer('unchanged').notNull().default(0),
    deleted: integer('deleted').notNull().default(0),
    skipped: integer('skipped').notNull().default(0),
    problems: integer('problems').notNull().default(0),
    error: text('error', { mode: 'json' }).$type<JobError>(),
    /** A sentence about what came of it that its numbers don't say. */
    note: text('note'),
    /** Grows with every claim and never shrinks. */
    attempts: integer('attempts').notNull().default(0),
    /** Claims in a row that ended with a dead process and no progress; three fail the job. */
    strikes: integer('strikes').notNull().default(0),
    /** The furthest phase any attempt reached, as an index of PHASES: going further forgives the strikes. */
    furthest: integer('furthest').notNull().default(0),
    cancelRequested: integer('cancel_requested', { mode: 'boolean' }).notNull().default(false),
    /** Which run of which process works on it, for people who read logs; null until it begins after a person wanted it. */
    backgroundJobId: text('background_job_id'),
    undoneBy: text('undone_by'),
    idempotencyKey: text('idempotency_key'),
    createdAt,
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    heartbeatAt: text('heartbeat_at'),
    /** When the job's file (upload or export) goes. */
    expiresAt: text('expires_at'),
    /** SHA-256 of what was asked under the idempotency key, so that the key can't stand for something else. */
    idempotencyHash: text('idempotency_hash'),
    /** When the job's file went: it had expired, somebody deleted it, or it was found missing. */
    fileGoneAt: text('file_gone_at'),
  },
  (t) => [
    uniqueIndex('jobs_id').on(t.id),
    // The queue asks these at every step, however many jobs have ended or wait.
    index('jobs_status').on(t.status, t.teamId),
    index('jobs_template_status').on(t.templateId, t.status),
    index('jobs_template').on(t.templateId, t.seq),
    index('jobs_team').on(t.teamId, t.seq),
    uniqueIndex('jobs_idempotency').on(t.teamId, t.idempotencyKey),
  ],
)

export const notices = sqliteTable(
  'notices',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    jobId: text('job_id').notNull(),
    templateId: text('template_id')
      .notNull()
      .references(() => templates.id, { onDelete: 'cascade' }),
    status: text('status', { enum: JOB_STATUSES }).notNull(),
    message: text('message').notNull(),
    createdAt,
    readAt: text('read_at'),
  },
  (t) => [uniqueIndex('notices_id').on(t.id), index('notices_user').on(t.userId, t.readAt)],
)

/** What a sweep removed, for whoever asks where a file is. Sweeps that found nothing are not kept. */
export const sweeps = sqliteTable('sweeps', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  at: text('at').notNull(),
  removed: text('removed', { mode: 'json' }).$type<Swept>().notNull(),
})

/** How many of each went. `orphans` are files without a job; `missing` are jobs whose file was not there. */
export type Swept = {
  uploads: number
  staging: number
  exports: number
  orphans: number
  missing: number
  jobs: number
  /** Ledger entries whose before-images went. */
  entries: number
  /** Files that could not be removed; sweeps of earlier versions do not say. */
  failed?: number
}

export type UserRow = typeof users.$inferSelect
export type TeamRow = typeof teams.$inferSelect
export type TemplateRow = typeof templates.$inferSelect
export type ColumnRow = typeof columns.$inferSelect
export type JobRow = typeof jobs.$inferSelect
export type NoticeRow = typeof notices.$inferSelect
export type SweepRow = typeof sweeps.$inferSelect
