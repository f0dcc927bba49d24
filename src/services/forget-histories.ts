import { listTemplatesMadeBefore } from '../db/old-jobs.ts'
import { listColumnRows, toShape } from '../db/templates.ts'
import { log } from '../log.ts'
import type { Context } from './context.ts'

/** Lets every table go of its history before this time. A table that is busy does so another time. Answers how many entries. */
export async function forgetHistories({ config, db, desk }: Context, before: string): Promise<number> {
  let entries = 0
  for (const template of listTemplatesMadeBefore(db, before)) {
    const shape = toShape(template, listColumnRows(db, template.id))
    try {
      entries += await desk.run({ kind: 'history.forget', table: config.data.table(template.id), shape, before })
    } catch (error) {
      log('warn', 'history.not_forgotten', { template: template.id, error })
    }
  }
  return entries
}
