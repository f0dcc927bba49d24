import { headerKey } from '../columns/header-key.ts'
import type { Queries } from '../db/open.ts'
import { findTemplateRow, listColumnRows, setColumnReading, setTemplate } from '../db/templates.ts'
import type { Reading } from '../tables/reading.ts'
import { LONGEST_ALIAS, MOST_ALIASES } from './template-input.ts'

/**
 * The headers that a person matched become other names of their columns, and of no others, so that the next file needs
 * nobody. A header that is the name of a column stays that column's.
 */
export function rememberHeaders(
  db: Queries,
  { templateId, teamId }: { templateId: string; teamId: string },
  mapping: Reading['mapping'],
): void {
  const template = findTemplateRow(db, { id: templateId, teamId })
  if (template === undefined) return
  const columns = listColumnRows(db, templateId)
  const names = new Set(columns.map(({ name }) => headerKey(name)))
  const matched = new Map<string, { header: string; id: string }>()
  for (const [header, id] of Object.entries(mapping)) {
    const key = headerKey(header)
    if (id !== null && !names.has(key) && header.length <= LONGEST_ALIAS) matched.set(key, { header, id })
  }
  let changed = false
  for (const { id, aliases } of columns) {
    const kept = aliases.filter((alias) => (matched.get(headerKey(alias))?.id ?? id) === id)
    const known = new Set(kept.map(headerKey))
    const added = [...matched].flatMap(([key, each]) => (each.id === id && !known.has(key) ? [each.header] : []))
    if (kept.length === aliases.length && added.length === 0) continue
    setColumnReading(db, { templateId, id }, { aliases: [...kept, ...added].slice(-MOST_ALIASES) })
    changed = true
  }
  if (changed) setTemplate(db, templateId, { version: template.version + 1 })
}
