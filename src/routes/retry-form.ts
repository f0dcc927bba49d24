import type { Retry } from '../services/jobs.ts'

/** The form of a failed import: `map[<column id>]` names the header of the file that is this column. */
export function retryFromForm(form: Record<string, unknown>): Retry {
  const mapping: Record<string, string> = {}
  for (const [name, header] of Object.entries(form)) {
    const columnId = /^map\[(\w+)\]$/.exec(name)?.[1]
    if (columnId !== undefined && typeof header === 'string' && header !== '') mapping[header] = columnId
  }
  return { mapping }
}
