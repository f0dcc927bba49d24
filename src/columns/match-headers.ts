import { claimColumns, type FileColumn, type MatchOptions } from './claim-columns.ts'
import type { Column, TemplateShape } from './column.ts'
import { likeness } from './edit-distance.ts'
import { headerKey } from './header-key.ts'
import { headerWarnings } from './header-warnings.ts'
import type { MatchedHeader, MissingColumn } from './matched-header.ts'

/** How the columns of a file were understood. */
export type HeaderMatch = {
  /** One per column of the file, left to right, blank headers included, so that positions never shift. */
  headers: MatchedHeader[]
  /** Columns of the template that the file does not have; `suggestion` is the file's header that is nearly it. */
  missing: MissingColumn[]
  /** The index of the column that holds the ids of records, in a file that we exported. */
  recordIdIndex: number | null
  /** Sentences about what was ignored or read otherwise than it is headed. */
  warnings: string[]
}

/**
 * Matches the headers of a file with the columns of a template: what a person mapped, then the marks of our own exports,
 * then names and then aliases ignoring case, spaces, punctuation and accents. Near misses are suggested, never taken.
 */
export function matchHeaders(headers: string[], shape: TemplateShape, options: MatchOptions): HeaderMatch {
  const files = claimColumns(headers, shape, options)
  const suggestions = suggest(files, shape)
  return {
    headers: files.map(({ index, header, columnId, by }) => {
      return { index, header, columnId, by, suggestion: suggestions.byIndex.get(index)?.name ?? null }
    }),
    missing: unmatched(files, shape).map(({ id, name, required }) => {
      return { columnId: id, name, required, suggestion: suggestions.byColumn.get(id)?.header ?? null }
    }),
    recordIdIndex: files.find((file) => file.setAside === 'record_id')?.index ?? null,
    warnings: headerWarnings(files, shape, { mapping: options.mapping, nearest: suggestions.byColumn }),
  }
}

/**
 * What to tell a person whose file lacks required columns, one sentence for each: "The file has no column for 'E-mail'
 * (required). Found: Mail, Phone, Name. Use 'Mail'?" Empty when nothing required is missing.
 */
export function missingRequired({ headers, missing }: Pick<HeaderMatch, 'headers' | 'missing'>): string[] {
  const names = headers.map((header) => header.header).filter((header) => header !== '')
  const found = names.length === 0 ? 'no headers' : names.slice(0, 30).join(', ')
  return missing
    .filter((column) => column.required)
    .map(({ name, suggestion }) => {
      const question = suggestion === null ? '' : ` Use '${suggestion}'?`
      return `The file has no column for '${name}' (required). Found: ${found}.${question}`
    })
}

function unmatched(files: FileColumn[], shape: TemplateShape): Column[] {
  const claimed = new Set(files.map((file) => file.columnId))
  return shape.columns.filter((column) => !claimed.has(column.id))
}

/** A sheet can have 16,384 columns; nearness is worth looking for in a table's usual width. */
const MOST_COMPARED = 300

type Suggestions = { byIndex: Map<number, Column>; byColumn: Map<string, FileColumn> }

/** The nearest pairs of what is left over on both sides; no header and no column is suggested twice. */
function suggest(files: FileColumn[], shape: TemplateShape): Suggestions {
  const left = files
    .filter((file) => file.columnId === null && file.setAside === null && file.header !== '')
    .slice(0, MOST_COMPARED)
  const pairs = unmatched(files, shape).flatMap((column) => {
    const keys = [column.name, ...column.aliases].map(headerKey)
    return left.map((file) => ({ file, column, like: Math.max(...keys.map((key) => likeness(key, file.key))) }))
  })
  const suggestions: Suggestions = { byIndex: new Map(), byColumn: new Map() }
  for (const { file, column, like } of pairs.sort((a, b) => b.like - a.like)) {
    if (like === 0 || suggestions.byIndex.has(file.index) || suggestions.byColumn.has(column.id)) continue
    suggestions.byIndex.set(file.index, column)
    suggestions.byColumn.set(column.id, file)
  }
  return suggestions
}
