import { createRequire } from 'node:module'
import type Sqlite from 'better-sqlite3'

/**
 * Sheetport's own SQLite, not the one that the peers bring: two of them in one process take each other's locks away, and
 * one of them then goes on with a database that the other has put aside.
 */
export const Database: typeof Sqlite = createRequire(new URL('../package.json', import.meta.url))('better-sqlite3')
