import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { chmod, copyFile } from 'node:fs/promises'
import path from 'node:path'
import Database from 'better-sqlite3'
import { type Config, type DataFolder, dataFolder } from '../config.ts'
import { connectDb } from '../db/open.ts'
import { setJobFinished } from '../db/running-jobs.ts'
import { type JobRow, jobs, templates } from '../db/schema.ts'
import { deleteTemplateRow } from '../db/templates.ts'
import { copyBetweenWrites, copySnapshot } from './copy-database.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { type Both, findVersion, settle } from './settle.ts'

/** The folder that was named can't take a backup, or there is nothing to back up. */
export class BackupRefused extends Error {}

type Backup = Both & {
  config: Config
  target: DataFolder
  /** Every file of the backup, as a path below its folder. */
  files: string[]
  tell: (sentence: string) => void
}

/** What a percentage is told of, so that nobody thinks a large copy has stopped. */
const TELL_EVERY_MS = 5000

/**
 * Copies a data folder into an empty folder while a server may be using it. `app.db` goes first: whatever it calls
 * completed is in the tables that are copied after it, and what these know beyond it is put into its copy; see settle.ts.
 * When it fails, the folder is left empty. Throws `BackupRefused`.
 */
export async function backUp(config: Config, folder: string, tell: (sentence: string) => void): Promise<Manifest> {
  const { data } = config
  if (!existsSync(data.appDb)) throw new BackupRefused(`There is nothing in ${data.root} to back up.`)
  const target = dataFolder(path.resolve(folder))
  refuseTarget(data, target)
  for (const each of target.folders) mkdirSync(each, { recursive: true, mode: 0o700 })
  try {
    await copySnapshot(data.appDb, target.appDb)
    tell('Copied app.db.')
    return await copyRest({ config, target, files: ['app.db'], tell })
  } catch (error) {
    for (const name of readdirSync(target.root)) rmSync(path.join(target.root, name), { recursive: true, force: true })
    throw error
  }
}

function refuseTarget(data: DataFolder, target: DataFolder): void {
  const inside = path.relative(data.root, target.root)
  if (inside === '' || !(inside.startsWith('..') || path.isAbsolute(inside))) {
    throw new BackupRefused(`${target.root} lies in the data folder. A backup belongs elsewhere, best on another disk.`)
  }
  if (existsSync(target.root) && readdirSync(target.root).length > 0) {
    throw new BackupRefused(`${target.root} is not empty. Name a new folder; an old backup is never overwritten.`)
  }
}

async function copyRest(begun: Omit<Backup, keyof Both>): Promise<Manifest> {
  const live = connectDb(begun.config.data.appDb)
  const copy = connectDb(begun.target.appDb)
  try {
    const backup = { ...begun, live, copy }
    await copyTables(backup)
    await copyJobFiles(backup)
    copy.$client.pragma('journal_mode = DELETE')
  } finally {
    copy.$client.close()
    live.$client.close()
  }
  begun.tell('Checking what was copied.')
  return writeManifest(begun.target.root, begun.files)
}

async function copyTables(backup: Backup): Promise<void> {
  const { config, copy, live, target, tell } = backup
  const all = copy.select({ id: templates.id, name: templates.name }).from(templates).all()
  for (const [at, { id, name }] of all.entries()) {
    const label = `the table of '${name}' (${at + 1} of ${all.length})`
    const copied = await copyTable(config.data.table(id), target.table(id), { label, tell })
    if (copied) {
      backup.files.push(`tables/${id}.db`)
      const expiresAt = new Date(Date.now() + config.keepUploadsMs).toISOString()
      settle({ copy, live }, { templateId: id, table: target.table(id), expiresAt })
      tell(`Copied ${label}, ${megabytes(target.table(id))}.`)
    } else if (findVersion(live, id) === undefined) {
      deleteTemplateRow(copy, id)
      tell(`'${name}' was deleted meanwhile and is not in the backup.`)
    } else {
      tell(`'${name}' has no table file; it is in the backup without records.`)
    }
  }
}

/** Answers whether there was such a file. */
async function copyTable(
  from: string,
  to: string,
  { label, tell }: { label: string; tell: (sentence: string) => void },
): Promise<boolean> {
  let told = performance.now()
  const onProgress = (fraction: number) => {
    if (performance.now() - told < TELL_EVERY_MS) return
    told = performance.now()
    tell(`Copying ${label}: ${Math.floor(fraction * 100)} %.`)
  }
  return ifThere(from, () => copySnapshot(from, to, onProgress))
}

/** Uploads, refused rows and exports, as far as the jobs in the copy speak of them and they are still kept. */
async function copyJobFiles(backup: Backup): Promise<void> {
  const all = backup.copy.select().from(jobs).all()
  for (const job of all) {
    if (job.input.kind === 'export') await copyPlain(backup, `exports/${job.id}.${job.input.format}`)
    if (job.kind === 'import') await copyImportFiles(backup, job)
  }
  const count = backup.files.filter((file) => !/^app\.db$|^tables\//.test(file)).length
  backup.tell(`Copied ${count === 1 ? '1 file' : `${count} files`} of imports and exports.`)
}

async function copyImportFiles(backup: Backup, job: JobRow): Promise<void> {
  const { config, target, files } = backup
  mkdirSync(target.upload(job.id), { mode: 0o700 })
  const uploaded = await copyPlain(backup, `uploads/${job.id}/original`)
  if (!uploaded) {
    rmSync(target.upload(job.id), { recursive: true })
    if (job.finishedAt === null) failWithoutUpload(backup, job)
  }
  // What an import that runs has read so far is read again; what somebody looks at is not rewritten any more.
  if (job.status === 'pending' || job.status === 'processing') return
  const staging = config.data.staging(job.id)
  const copied = await ifThere(staging, () => copyBetweenWrites(staging, target.staging(job.id)))
  if (copied) files.push(`staging/${job.id}.db`)
}

/** An import whose upload has gone by now had ended before that, and without an effect, or the table would know it. */
function failWithoutUpload({ copy, tell }: Backup, job: JobRow): void {
  setJobFinished(copy, job.id, {
    ...{ status: 'failed', elapsedMs: job.elapsedMs, expiresAt: null },
    error: {
      code: 'file_gone',
      message: 'The file of this import was no longer kept when the backup was made, and nothing was imported.',
      hint: 'Upload the file again.',
    },
  })
  tell(
    `The file of an import, ${job.fileName ?? job.id}, was removed meanwhile; the import is in the backup as failed.`,
  )
}

async function copyPlain({ config, target, files }: Backup, file: string): Promise<boolean> {
  const from = path.join(config.data.root, file)
  const to = path.join(target.root, file)
  const copied = await ifThere(from, async () => {
    await copyFile(from, to)
    await chmod(to, 0o600)
  })
  if (copied) files.push(file)
  return copied
}

/** Answers false when the file is not there, or goes while it is being copied: retention and people remove files. */
async function ifThere(file: string, copy: () => Promise<void>): Promise<boolean> {
  try {
    await copy()
    return true
  } catch (error) {
    const missing = error instanceof Database.SqliteError ? error.code === 'SQLITE_CANTOPEN' : isNoEntry(error)
    if (missing && !existsSync(file)) return false
    throw error
  }
}

function isNoEntry(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function megabytes(file: string): string {
  return `${(statSync(file).size / 1024 / 1024).toFixed(1)} MB`
}
