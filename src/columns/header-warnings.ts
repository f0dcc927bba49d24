import { columnLetters } from '../spreadsheets/cell.ts'
import { shown } from './checked.ts'
import type { FileColumn, MatchOptions } from './claim-columns.ts'
import type { TemplateShape } from './column.ts'
import { headerKey } from './header-key.ts'

const MOST_NAMED = 10

/**
 * Sentences for the person: what of the file is left out, and what is read otherwise than it is headed. `nearest` are the
 * headers that are nearly the names of columns, by the ids of those.
 */
export function headerWarnings(
  files: FileColumn[],
  shape: TemplateShape,
  { mapping, nearest }: Pick<MatchOptions, 'mapping'> & { nearest: ReadonlyMap<string, FileColumn> },
): string[] {
  return [
    ...unknownTargets(mapping, shape),
    ...files.flatMap((file) => renamed(file, shape)),
    ...files.flatMap((file) => second(file, files)),
    ...blank(files),
    ...extra(files),
    ...anotherOrder(files, shape),
    ...nearMisses(nearest, shape),
  ]
}

function unknownTargets(mapping: MatchOptions['mapping'], shape: TemplateShape): string[] {
  const known = new Set(shape.columns.flatMap((column) => [column.id, headerKey(column.name)]))
  return Object.entries(mapping).flatMap(([header, target]) => {
    if (target === null || known.has(target) || known.has(headerKey(target))) return []
    return [`'${shown(header)}' was mapped to '${shown(target)}', which is not a column of the template.`]
  })
}

function renamed(file: FileColumn, shape: TemplateShape): string[] {
  const column = file.by === 'mark' ? shape.columns.find((column) => column.id === file.columnId) : undefined
  if (column === undefined || headerKey(column.name) === file.key) return []
  const headed = file.header === '' ? 'has no header' : `is headed '${shown(file.header)}'`
  return [`Column ${columnLetters(file.index)} ${headed} and was read as '${column.name}', as it was exported.`]
}

function second(file: FileColumn, files: FileColumn[]): string[] {
  const taken = file.takenFrom === null ? undefined : files[file.takenFrom]
  if (taken === undefined) return []
  const [used, ignored] = [columnLetters(taken.index), columnLetters(file.index)]
  if (taken.key === file.key) {
    return [`'${shown(file.header)}' stands twice in the file: column ${used} was used, column ${ignored} was ignored.`]
  }
  return [
    `'${shown(taken.header)}' and '${shown(file.header)}' are the same column of the template: column ${used} was used, column ${ignored} was ignored.`,
  ]
}

/** Blank headers between others; what lies to the right of the last header is not part of the table. */
function blank(files: FileColumn[]): string[] {
  const last = files.findLastIndex((file) => file.header !== '')
  const letters = files
    .filter((file) => file.header === '' && file.columnId === null && file.index < last)
    .map((file) => columnLetters(file.index))
  if (letters.length === 0) return []
  if (letters.length === 1) return [`Column ${letters[0]} of the file has no header and was ignored.`]
  return [`${letters.length} columns of the file have no header and were ignored: ${listed(letters)}.`]
}

function extra(files: FileColumn[]): string[] {
  const names = files
    .filter((file) => file.header !== '' && file.columnId === null && file.setAside === null)
    .map((file) => shown(file.header))
  if (names.length === 0) return []
  if (names.length === 1) return [`1 column of the file is not in the template and was ignored: ${names[0]}.`]
  return [`${names.length} columns of the file are not in the template and were ignored: ${listed(names)}.`]
}

function anotherOrder(files: FileColumn[], shape: TemplateShape): string[] {
  const positions = new Map(shape.columns.map((column, index) => [column.id, index]))
  const order = files.flatMap((file) => (file.columnId === null ? [] : [positions.get(file.columnId) ?? 0]))
  const ascending = order.every((position, index) => index === 0 || (order[index - 1] ?? 0) < position)
  if (ascending) return []
  return ['The columns of the file are in another order than in the template; each was read by its header.']
}

/** What must be there is asked for; what may be missing would stay empty without a word. */
function nearMisses(nearest: ReadonlyMap<string, FileColumn>, shape: TemplateShape): string[] {
  return shape.columns.flatMap(({ id, name, required, key }) => {
    const header = nearest.get(id)?.header
    if (header === undefined || required || key) return []
    return [
      `'${shown(name)}' gets no values: no column of the file is called so. If '${shown(header)}' is meant, match it by hand when the file is read again.`,
    ]
  })
}

function listed(names: string[]): string {
  const more = names.length - MOST_NAMED
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
