import type { TemplateShape } from '../columns/column.ts'
import { commaNames } from './sql-columns.ts'

/** What a before-image holds beside the state's entry: where the record came from, its stamps and its values. */
export function imageColumns(shape: TemplateShape, alias = ''): string {
  const fixed = ['created', 'source', 'sheet', 'row', 'created_at', 'updated_at']
  return fixed.map((name) => alias + name).join(', ') + commaNames(shape.columns, alias)
}

/**
 * The start of a statement that saves before-images of `records r`; the caller adds FROM and WHERE. `action` is what is
 * about to happen; `:entry` is the ledger entry that does it, and the state of the record afterwards unless `after` is
 * another expression.
 */
export function saveImages(shape: TemplateShape, action: 'update' | 'delete', after = ':entry'): string {
  return `INSERT INTO history (entry, record_id, action, before_entry, after_entry, ${imageColumns(shape)})
    SELECT :entry, r.id, '${action}', r.entry, ${after}, ${imageColumns(shape, 'r.')}`
}
