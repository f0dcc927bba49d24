import { existsSync } from 'node:fs'
import { listColumnRows, listTemplatesOfAll, toShape } from '../db/templates.ts'
import { log } from '../log.ts'
import type { Context } from './context.ts'

/**
 * Takes over into its table every write-ahead log that was left beside one, by a process that was ended or by one that
 * only read and was the last to close it. Nothing in them is lost otherwise; but whoever copies the folder of a stopped
 * server expects one file for each table. What is left when `signal` comes is left as it is.
 */
export async function takeOverLogs({ config, db, desk }: Context, signal: AbortSignal): Promise<void> {
  for (const template of listTemplatesOfAll(db)) {
    const table = config.data.table(template.id)
    if (signal.aborted) return
    if (!existsSync(`${table}-wal`)) continue
    try {
      const shape = toShape(template, listColumnRows(db, template.id))
      await desk.run({ kind: 'table.sync', table, shape }, { signal })
    } catch (error) {
      log('warn', 'table.log_left', { template: template.id, error })
    }
  }
}
