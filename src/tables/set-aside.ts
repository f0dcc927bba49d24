import { existsSync, readdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'

const SUFFIXES = ['', '-wal', '-shm']

/** The file of a table is damaged; it was set aside, and nothing is done to the table until somebody puts one there. */
export class TableDamaged extends Error {
  readonly code = 'TABLE_SET_ASIDE'
}

export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** Throws `TableDamaged` where a damaged table was set aside: an empty one in its place would look like a loss. */
export function refuseSetAside(file: string): void {
  if (existsSync(file)) return
  const { dir, base } = path.parse(file)
  const aside = existsSync(dir) ? readdirSync(dir).filter(isAside(base)).sort().at(-1) : undefined
  if (aside !== undefined) throw damaged(aside)
}

/**
 * Gives a file that is really damaged another name, so that nothing ever writes into it, and answers the error that
 * says so; `undefined` when the file is whole and the damage was elsewhere.
 */
export function setAsideIfDamaged(file: string): TableDamaged | undefined {
  if (!existsSync(file) || isWhole(file)) return undefined
  const aside = `${file}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`
  for (const suffix of SUFFIXES) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  return damaged(path.basename(aside))
}

function isWhole(file: string): boolean {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true })
    try {
      return db.pragma('quick_check(1)', { simple: true }) === 'ok'
    } finally {
      db.close()
    }
  } catch (error) {
    // What can't be read now for another reason is not called damaged.
    return !isDamage(error)
  }
}

function isAside(name: string): (other: string) => boolean {
  return (other) => other.startsWith(`${name}.corrupt-`) && !SUFFIXES.slice(1).some((suffix) => other.endsWith(suffix))
}

function damaged(aside: string): TableDamaged {
  return new TableDamaged(`The file of this table is damaged. It was set aside as tables/${aside}.`)
}
