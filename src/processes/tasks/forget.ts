import { existsSync } from 'node:fs'
import { forgetHistory } from '../../tables/forget-history.ts'
import { openTable } from '../../tables/open-table.ts'
import type { Task } from '../protocol.ts'

export function forgetTableHistory({ table, shape, before }: Task<'history.forget'>): number {
  // A template that never had a record has no file, and need not get one for this.
  if (!existsSync(table)) return 0
  const db = openTable(table, shape)
  try {
    return forgetHistory(db, before)
  } finally {
    db.close()
  }
}
