import { COLUMN_TYPES, type Column, MODES, POLICIES } from '../columns/column.ts'
import type { ProposedColumn } from '../columns/propose-columns.ts'
import type { ColumnDraft, TemplateDraft } from '../views/template-draft.ts'

/** What a button of the editor asks for. `index` names the row that is meant. */
export type EditorAction = { kind: 'save' | 'add' | 'preview' } | { kind: 'remove' | 'up' | 'down'; index: number }

type Fields = Iterable<[string, string]>

/**
 * Reads the editor's form. Rows are named by an index that stays while they move; their order in the form is the
 * order of the columns, so dragging a row changes the order and no name.
 */
export function readTemplateForm(fields: Fields): { draft: TemplateDraft; action: EditorAction; confirmed: boolean } {
  const rows = new Map<number, Map<string, string>>()
  const plain = new Map<string, string>()
  const removed: string[] = []
  for (const [name, value] of fields) {
    const [, index, field] = /^columns\[(\d{1,6})\]\[(\w+)\]$/.exec(name) ?? []
    if (index !== undefined && field !== undefined) rowOf(rows, Number(index)).set(field, value)
    else if (name === 'removed') removed.push(value)
    // The last one counts: a form with a hidden field and a button of the same name sends the button last.
    else plain.set(name, value)
  }
  const draft: TemplateDraft = {
    version: plain.get('version') ?? '',
    name: plain.get('name') ?? '',
    description: plain.get('description') ?? '',
    mode: oneOf(MODES, plain.get('mode')) ?? 'update',
    onProblems: oneOf(POLICIES, plain.get('on_problems')) ?? 'review',
    group: plain.get('group') ?? '',
    columns: [...rows].map(([index, row]) => columnDraft(index, row)),
    removed,
  }
  return { draft, action: readAction(plain.get('action')), confirmed: plain.get('force') === 'yes' }
}

/** The draft after a button was pressed, and the row whose name wants the focus. */
export function applyAction(
  draft: TemplateDraft,
  action: EditorAction,
): { draft: TemplateDraft; focus: number | null } {
  switch (action.kind) {
    case 'add': {
      const index = Math.max(-1, ...draft.columns.map((column) => column.index)) + 1
      return { draft: { ...draft, columns: [...draft.columns, newColumnDraft(index)] }, focus: index }
    }
    case 'remove': {
      const gone = draft.columns.find((column) => column.index === action.index)
      const removed = gone !== undefined && gone.id !== '' ? [...draft.removed, gone.name] : draft.removed
      const columns = draft.columns.filter((column) => column.index !== action.index)
      const place = gone === undefined ? 0 : draft.columns.indexOf(gone)
      return {
        draft: { ...draft, columns, removed, group: gone && draft.group === String(gone.index) ? '' : draft.group },
        // The button that was pressed is gone: work goes on at the column that took its place.
        focus: (columns[place] ?? columns.at(-1))?.index ?? null,
      }
    }
    case 'up':
      return { draft: { ...draft, columns: moved(draft.columns, action.index, -1) }, focus: null }
    case 'down':
      return { draft: { ...draft, columns: moved(draft.columns, action.index, 1) }, focus: null }
    case 'preview':
    case 'save':
      return { draft, focus: null }
  }
}

/** The draft as the services take it. */
export function toTemplateInput(draft: TemplateDraft): Record<string, unknown> {
  const group = draft.columns.find((column) => String(column.index) === draft.group)
  return {
    ...(draft.version && { version: draft.version }),
    name: draft.name,
    description: draft.description,
    mode: draft.mode,
    on_problems: draft.onProblems,
    group: group?.name ?? null,
    columns: draft.columns.map((column) => ({
      ...(column.id && { id: column.id }),
      name: column.name,
      type: column.type,
      required: column.required,
      unique: column.unique,
      key: column.key,
      aliases: column.aliases,
      choices: column.choices,
      min: column.min,
      max: column.max,
      pattern: column.pattern,
      date_order: column.dateOrder,
      decimal: column.decimal,
    })),
  }
}

/** The draft as fields again, for a page that asks before it is saved. */
export function toTemplateFields(draft: TemplateDraft): [string, string][] {
  return [
    ['version', draft.version],
    ['name', draft.name],
    ['description', draft.description],
    ['mode', draft.mode],
    ['on_problems', draft.onProblems],
    ['group', draft.group],
    ...draft.columns.flatMap((column) => columnFields(column)),
  ]
}

export const EMPTY_DRAFT: TemplateDraft = {
  version: '',
  name: '',
  description: '',
  mode: 'update',
  onProblems: 'review',
  group: '',
  columns: [],
  removed: [],
}

type Saved = Omit<TemplateDraft, 'version' | 'group' | 'columns' | 'removed'> & {
  version: number
  groupColumnId: string | null
  columns: Column[]
}

export function draftOfTemplate(template: Saved): TemplateDraft {
  const { name, description, mode, onProblems, groupColumnId } = template
  const group = template.columns.findIndex((column) => column.id === groupColumnId)
  const columns = template.columns.map((column, index) => draftOfColumn(column, index))
  const version = String(template.version)
  return { version, name, description, mode, onProblems, group: group < 0 ? '' : String(group), columns, removed: [] }
}

/** Proposed columns are new, whatever id they carry. */
export function draftOfProposal(proposal: { name: string; columns: ProposedColumn[] }): TemplateDraft {
  const columns = proposal.columns.map(({ column, evidence, samples }, index) => ({
    ...draftOfColumn(column, index),
    id: '',
    evidence: evidence.join('\n'),
    samples: samples.join('\n'),
  }))
  return { ...EMPTY_DRAFT, name: proposal.name, columns }
}

function draftOfColumn(column: Column, index: number): ColumnDraft {
  return {
    index,
    id: column.id,
    name: column.name,
    type: column.type,
    required: column.required,
    unique: column.unique,
    key: column.key,
    aliases: column.aliases.join('\n'),
    choices: column.choices.join('\n'),
    min: column.min === null ? '' : String(column.min),
    max: column.max === null ? '' : String(column.max),
    pattern: column.pattern ?? '',
    dateOrder: column.dateOrder ?? '',
    decimal: column.decimal ?? '',
    evidence: '',
    samples: '',
  }
}

function newColumnDraft(index: number): ColumnDraft {
  return columnDraft(index, new Map())
}

function columnDraft(index: number, row: ReadonlyMap<string, string>): ColumnDraft {
  const text = (field: string) => row.get(field) ?? ''
  return {
    index,
    id: text('id'),
    name: text('name'),
    type: oneOf(COLUMN_TYPES, row.get('type')) ?? 'text',
    required: row.has('required'),
    unique: row.has('unique'),
    key: row.has('key'),
    aliases: text('aliases'),
    choices: text('choices'),
    min: text('min'),
    max: text('max'),
    pattern: text('pattern'),
    dateOrder: text('dateOrder'),
    decimal: text('decimal'),
    evidence: text('evidence'),
    samples: text('samples'),
  }
}

function columnFields(column: ColumnDraft): [string, string][] {
  const { index, required, unique, key, ...texts } = column
  const at = (field: string) => `columns[${index}][${field}]`
  const flags = Object.entries({ required, unique, key }).filter(([, on]) => on)
  return [
    ...Object.entries(texts).map(([field, text]): [string, string] => [at(field), text]),
    ...flags.map(([field]): [string, string] => [at(field), 'yes']),
  ]
}

function rowOf(rows: Map<number, Map<string, string>>, index: number): Map<string, string> {
  const row = rows.get(index) ?? new Map<string, string>()
  rows.set(index, row)
  return row
}

function readAction(text: string | undefined): EditorAction {
  if (text === 'add' || text === 'preview') return { kind: text }
  const [, kind, index] = /^(remove|up|down):(\d{1,6})$/.exec(text ?? '') ?? []
  if (kind === 'remove' || kind === 'up' || kind === 'down') return { kind, index: Number(index) }
  return { kind: 'save' }
}

function moved(columns: ColumnDraft[], index: number, by: -1 | 1): ColumnDraft[] {
  const from = columns.findIndex((column) => column.index === index)
  const column = columns[from]
  const to = from + by
  if (column === undefined || to < 0 || to >= columns.length) return columns
  return columns.toSpliced(from, 1).toSpliced(to, 0, column)
}

function oneOf<T extends string>(values: readonly T[], text: string | undefined): T | undefined {
  return values.find((value) => value === text)
}
