import type { TemplateShape } from '../columns/column.ts'

/** The form of an export: format, content, and the filter of the page that it came from as `q` and `filter[<column id>]`. */
export function exportFromForm(form: Record<string, unknown>, shape: TemplateShape): Record<string, unknown> {
  const columns: Record<string, string> = {}
  for (const { id } of shape.columns) {
    const wanted = form[`filter[${id}]`]
    if (typeof wanted === 'string' && wanted !== '') columns[id] = wanted
  }
  const q = typeof form.q === 'string' ? form.q : ''
  const filter = q === '' && Object.keys(columns).length === 0 ? null : { q, columns }
  const { format, content, delimiter, job, idempotency_key } = form
  return { format, content, delimiter, job, idempotency_key, filter }
}
