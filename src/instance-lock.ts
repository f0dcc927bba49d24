import { readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'

/** Another server holds the data folder. */
export class FolderInUse extends Error {}

/**
 * Makes sure that one server alone uses the data folder: the lock of an open SQLite transaction, which the system frees
 * by itself when the process is gone, however it went. Answers how to give it back.
 */
export function lockFolder(root: string): () => void {
  const holder = path.join(root, 'server.json')
  const db = new Database(path.join(root, 'server.lock'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error
    throw new FolderInUse(
      `${root} is in use by another Sheetport${describe(holder)}. Stop it first, or set another DATA_DIR.`,
      {
        cause: error,
      },
    )
  }
  writeFileSync(holder, JSON.stringify({ pid: process.pid, host: os.hostname(), since: new Date().toISOString() }))
  return () => db.close()
}

function describe(holder: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holder, 'utf8'))
    return ` (process ${pid} on ${host}, since ${since})`
  } catch {
    return ''
  }
}
