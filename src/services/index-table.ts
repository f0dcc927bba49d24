import { findApplyingJob } from '../db/jobs.ts'
import { log } from '../log.ts'
import type { Context } from './context.ts'
import type { TemplateView } from './templates.ts'

/** Tables for which an index is being made: both processes of the desk must not wait for the same lock. */
const underway = new Set<string>()

/**
 * Has an index made of a large table, so that the next page sorted or filtered by this column comes at once. Nobody waits
 * for it; when the table is in use, it is made another time.
 */
export async function indexTable(
  { config, db, desk }: Context,
  { id, shape }: TemplateView,
  columnId: string,
): Promise<void> {
  const table = config.data.table(id)
  if (underway.has(table) || findApplyingJob(db, id) !== undefined) return
  underway.add(table)
  try {
    await desk.run({ kind: 'table.index', table, shape, columnId })
  } catch (error) {
    log('warn', 'table.not_indexed', { template: id, error })
  } finally {
    underway.delete(table)
  }
}
