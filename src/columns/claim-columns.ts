import { RECORD_ID_HEADER } from '../spreadsheets/spreadsheet.ts'
import type { Column, TemplateShape } from './column.ts'
import { headerKey } from './header-key.ts'
import type { MatchedBy } from './matched-header.ts'

export type MatchOptions = {
  /** What one of our exports says about itself: zero-based column index to column id. */
  marks?: Map<number, string> | undefined
  /** What a person decided: header of the file to column id or column name, or to null to leave the column out. */
  mapping: Record<string, string | null>
}

/** A column of the file and what it turned out to be. */
export type FileColumn = {
  index: number
  header: string
  key: string
  columnId: string | null
  by: MatchedBy | null
  /** `mapping`: a person left it out. `record_id`: it holds the ids of records. `second`: its column is read from elsewhere. */
  setAside: 'mapping' | 'record_id' | 'second' | null
  /** For `second`: the index of the column that was taken. */
  takenFrom: number | null
}

/**
 * Gives each column of the file the template's column that it holds, if any: what a person mapped, then our own marks,
 * then equal names, then equal aliases. Every column of the template is claimed once; the first wins.
 */
export function claimColumns(headers: string[], shape: TemplateShape, { marks, mapping }: MatchOptions): FileColumn[] {
  const files = headers.map(unclaimed)
  const claims = new Map<string, FileColumn>()
  claimMapped({ files, claims, shape }, mapping)
  claimMarked({ files, claims, shape }, marks ?? new Map())
  const open = () => files.filter((file) => file.columnId === null && file.setAside === null && file.header !== '')
  for (const spelling of SPELLINGS) claimNamed({ files: open(), claims, shape }, 'name', spelling)
  for (const spelling of SPELLINGS) claimNamed({ files: open(), claims, shape }, 'alias', spelling)
  setSecondsAside({ files: open(), claims, shape })
  return files
}

export function isRecordIdHeader(header: string): boolean {
  return header.trim().toLowerCase() === RECORD_ID_HEADER
}

type Claiming = { files: FileColumn[]; claims: Map<string, FileColumn>; shape: TemplateShape }

/** As written first, so that "C" and "C++", whose keys are the same, find their own. */
const SPELLINGS = [(name: string) => name.trim(), (name: string) => name.trim().toLowerCase(), headerKey]

function unclaimed(text: string, index: number, all: string[]): FileColumn {
  const header = text.trim()
  const isRecordId = isRecordIdHeader(header) && all.findIndex(isRecordIdHeader) === index
  const setAside = isRecordId ? 'record_id' : null
  return { index, header, key: headerKey(header), columnId: null, by: null, setAside, takenFrom: null }
}

function claimMapped({ files, claims, shape }: Claiming, mapping: Record<string, string | null>): void {
  const decisions = new Map(Object.entries(mapping).map(([header, target]) => [header.trim(), target]))
  const byKey = new Map(Array.from(decisions, ([header, target]) => [headerKey(header), target]))
  if (decisions.size === 0) return
  for (const file of files) {
    if (file.header === '' || file.setAside !== null) continue
    const target = decisions.has(file.header) ? decisions.get(file.header) : byKey.get(file.key)
    if (target === null) file.setAside = 'mapping'
    const column = typeof target === 'string' ? mappedColumn(target, shape) : undefined
    if (column !== undefined) claim(file, column, { by: 'mapping', claims })
  }
}

function mappedColumn(target: string, shape: TemplateShape): Column | undefined {
  const { columns } = shape
  return (
    columns.find((column) => column.id === target) ??
    columns.find((column) => column.name === target) ??
    columns.find((column) => headerKey(column.name) === headerKey(target))
  )
}

function claimMarked({ files, claims, shape }: Claiming, marks: Map<number, string>): void {
  const moved = movedAway(files, marks, shape)
  for (const [index, columnId] of marks) {
    const file = files[index]
    const column = shape.columns.find((column) => column.id === columnId)
    if (file === undefined || column === undefined || moved.has(index)) continue
    if (file.columnId === null && file.setAside === null) claim(file, column, { by: 'mark', claims })
  }
}

/**
 * Marks stay where they are when a person sorts a sheet from left to right or pastes columns over each other. Then a
 * header names another marked column, whose own mark no longer stands over its name; what the person sees is right.
 */
function movedAway(files: FileColumn[], marks: Map<number, string>, shape: TemplateShape): Set<number> {
  const keyOf = new Map(shape.columns.map((column) => [column.id, headerKey(column.name)]))
  const markedAt = new Map(Array.from(marks, ([index, id]) => [keyOf.get(id), index]))
  const moved = new Set<number>()
  for (const [index, columnId] of marks) {
    const key = files[index]?.key ?? ''
    const home = key === '' || key === keyOf.get(columnId) ? undefined : markedAt.get(key)
    if (home !== undefined && files[home]?.key !== key) moved.add(index).add(home)
  }
  return moved
}

function claimNamed(claiming: Claiming, by: 'name' | 'alias', spelling: (name: string) => string): void {
  const { files, claims, shape } = claiming
  const wanted = new Map<string, Column[]>()
  for (const column of shape.columns) {
    if (claims.has(column.id)) continue
    for (const name of by === 'name' ? [column.name] : column.aliases) {
      const key = spelling(name)
      if (key !== '') wanted.set(key, [...(wanted.get(key) ?? []), column])
    }
  }
  for (const file of files) {
    const column = wanted.get(spelling(file.header))?.find((column) => !claims.has(column.id))
    if (column !== undefined) claim(file, column, { by, claims })
  }
}

function claim(file: FileColumn, column: Column, { by, claims }: { by: MatchedBy; claims: Claiming['claims'] }): void {
  const taken = claims.get(column.id)
  if (taken !== undefined) {
    file.setAside = 'second'
    file.takenFrom = taken.index
    return
  }
  claims.set(column.id, file)
  file.columnId = column.id
  file.by = by
}

/** A header that fits a column which another one already holds is not unknown, it is one too many. */
function setSecondsAside({ files, claims, shape }: Claiming): void {
  const byKey = new Map<string, Column>()
  for (const column of shape.columns) {
    for (const name of [column.name, ...column.aliases])
      byKey.set(headerKey(name), byKey.get(headerKey(name)) ?? column)
  }
  for (const file of files) {
    const taken = claims.get(byKey.get(file.key)?.id ?? '')
    if (taken === undefined) continue
    file.setAside = 'second'
    file.takenFrom = taken.index
  }
}
