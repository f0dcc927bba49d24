const FIELDS = [
  'sheet',
  'all_sheets',
  'header_row',
  'encoding',
  'delimiter',
  'quote',
  'date_order',
  'decimal',
  'totals',
  'one_table',
] as const

/**
 * The form by which a file is read again, as the fields of the API: `map[<column id>]` names the header of the file that
 * is this column. A column whose header was left open stays as it was decided before.
 */
export function readingFromForm(form: Record<string, unknown>): Record<string, unknown> {
  const fields = FIELDS.flatMap((name) => (typeof form[name] === 'string' ? [[name, form[name]]] : []))
  const mapped = Object.entries(form).flatMap(([name, header]) => {
    const columnId = /^map\[(\w+)\]$/.exec(name)?.[1]
    return columnId === undefined || typeof header !== 'string' || header === '' ? [] : [[header, columnId]]
  })
  const mapping = mapped.length === 0 ? {} : { mapping: Object.fromEntries(mapped) }
  return { ...Object.fromEntries(fields), ...mapping }
}
