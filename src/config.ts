import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  /** The address people type, when a proxy stands in front. Requests from other origins are refused. */
  BASE_URL: z
    .url({ protocol: /^https?$/, error: 'it must be a whole address such as https://sheets.example.org' })
    .optional(),
  OWNER_EMAIL: z.email().optional(),
  OWNER_PASSWORD: z.string().min(10).optional(),
  MAX_UPLOAD_MB: z.coerce.number().int().min(1).default(512),
  JOB_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .default(Math.max(1, os.availableParallelism() - 1)),
  JOB_MEMORY_MB: z.coerce.number().int().min(128).default(2048),
  KEEP_UPLOADS_HOURS: z.coerce.number().min(0).default(24),
  KEEP_EXPORTS_HOURS: z.coerce.number().min(0).default(24),
  KEEP_HISTORY_DAYS: z.coerce.number().min(1).default(365),
})

/** A variable of the environment can't be used; the message names it. */
export class BadEnvironment extends Error {}

export type Config = {
  port: number
  host: string
  baseUrl: string | undefined
  owner: { email: string; password: string } | undefined
  maxUploadBytes: number
  jobConcurrency: number
  jobMemoryBytes: number
  keepUploadsMs: number
  keepExportsMs: number
  /** How long jobs, and what records were before them, are remembered. */
  keepHistoryMs: number
  data: DataFolder
}

/** Where everything lives; see docs/architecture.md. */
export type DataFolder = {
  root: string
  appDb: string
  table(templateId: string): string
  upload(jobId: string): string
  staging(jobId: string): string
  exported(jobId: string, format: string): string
  /** While it is there, the process that works on the job is asked to stop. */
  stop(jobId: string): string
  folders: string[]
}

/** Reads the environment once. Throws `BadEnvironment` with a sentence for every variable that can't be used. */
export function readConfig(env: Record<string, string | undefined>): Config {
  // An empty variable means the same as none: that is how compose files and unit files unset one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.')
      // What is printed ends up in logs, and a password is none of theirs.
      const shown = name === 'OWNER_PASSWORD' ? '…' : (given[name] ?? '')
      return `${name}=${shown} can't be used: ${issue.message}`
    })
    throw new BadEnvironment(lines.join('\n'))
  }
  const e = parsed.data
  if ((e.OWNER_EMAIL === undefined) !== (e.OWNER_PASSWORD === undefined)) {
    throw new BadEnvironment('OWNER_EMAIL and OWNER_PASSWORD go together: give both or none')
  }
  return {
    port: e.PORT,
    host: e.HOST,
    baseUrl: e.BASE_URL?.replace(/\/+$/, ''),
    owner: e.OWNER_EMAIL && e.OWNER_PASSWORD ? { email: e.OWNER_EMAIL, password: e.OWNER_PASSWORD } : undefined,
    maxUploadBytes: e.MAX_UPLOAD_MB * 1024 * 1024,
    jobConcurrency: e.JOB_CONCURRENCY,
    jobMemoryBytes: e.JOB_MEMORY_MB * 1024 * 1024,
    keepUploadsMs: e.KEEP_UPLOADS_HOURS * 3_600_000,
    keepExportsMs: e.KEEP_EXPORTS_HOURS * 3_600_000,
    keepHistoryMs: e.KEEP_HISTORY_DAYS * 24 * 3_600_000,
    data: dataFolder(path.resolve(e.DATA_DIR)),
  }
}

export function dataFolder(root: string): DataFolder {
  const at = (...parts: string[]) => path.join(root, ...parts)
  return {
    root,
    appDb: at('app.db'),
    table: (templateId) => at('tables', `${templateId}.db`),
    upload: (jobId) => at('uploads', jobId),
    staging: (jobId) => at('staging', `${jobId}.db`),
    exported: (jobId, format) => at('exports', `${jobId}.${format}`),
    stop: (jobId) => at('staging', `${jobId}.stop`),
    folders: [root, at('tables'), at('uploads'), at('staging'), at('exports')],
  }
}
