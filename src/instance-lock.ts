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

/** The holder says who it is a moment after it has the lock: until then there is nothing, or what an earlier life left. */
function describe(holder: string): string {
  for (let looks = 0; looks < 20; looks++) {
    const said = readHolder(holder)
    if (said !== undefined && (said.host !== os.hostname() || isRunning(said.pid))) {
      return ` (process ${said.pid} on ${said.host}, since ${said.since})`
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  return ''
}

function readHolder(holder: string): { pid: number; host: string; since: string } | undefined {
  try {
    return JSON.parse(readFileSync(holder, 'utf8'))
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It may be somebody else's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
