import { existsSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Counts } from '../../tables/progress.ts'
import { trimStaging } from '../../tables/staging.ts'

/** The staged rows have served; only the refused ones are kept, to be looked at and repaired, until the upload goes too. */
export function tidyStaging(staging: string, { problems }: Counts): void {
  if (problems === 0) {
    // A process that was killed over it leaves its journal beside it.
    for (const file of [staging, `${staging}-journal`]) rmSync(file, { force: true })
    return
  }
  if (!existsSync(staging)) return
  const db = new Database(staging)
  try {
    trimStaging(db)
  } catch (error) {
    // Nothing depends on the room that this saves, least of all whether the import has happened.
    if (!(error instanceof Database.SqliteError)) throw error
  } finally {
    db.close()
  }
}
