import type { Retry } from '../services/jobs.ts'

/**
 * The form of a failed import: `map[<column id>]` names the header of the file that is this column; `sheet` and
 * `header_row` say where the table is. What was left empty stays as it was asked before.
 */
export function retryFromForm(form: Record<string, unknown>): Retry {
  const mapping: Record<string, string> = {}
  for (const [name, header] of Object.entries(form)) {
    const columnId = /^map\[(\w+)\]$/.exec(name)?.[1]
    if (columnId !== undefined && typeof header === 'string' && header !== '') mapping[header] = columnId
  }
  const { sheet, header_row: typedRow } = form
  const headerRow = Number(typedRow)
  return {
    mapping,
    ...(typeof sheet === 'string' && sheet !== '' && { sheet }),
    ...(typedRow !== '' && Number.isInteger(headerRow) && headerRow > 0 && { headerRow }),
  }
}
