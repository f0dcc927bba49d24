import { readdirSync } from 'node:fs'
import path from 'node:path'
import { listTemplatesOfAll } from '../db/templates.ts'
import type { Context } from './context.ts'

/**
 * Tables that belong to no template, as paths below the data folder: the server died while their template was deleted, or
 * app.db is another than theirs. They may be all that is left of somebody's records, so nothing removes them by itself.
 */
export function listStrayTables({ config, db }: Context): string[] {
  const known = new Set(listTemplatesOfAll(db).map(({ id }) => path.basename(config.data.table(id))))
  const folder = path.join(config.data.root, 'tables')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db') && !known.has(name))
    .map((name) => `tables/${name}`)
    .sort()
}
