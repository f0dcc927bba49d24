import { newColumnId } from '../ids.ts'
import type { Row } from '../spreadsheets/cell.ts'
import { isRecordIdHeader } from './claim-columns.ts'
import type { Column } from './column.ts'
import { ColumnEvidence, UNIQUE_WITHIN } from './column-evidence.ts'
import { headerKey } from './header-key.ts'
import { commonHabits, figure, type Habits, type ProposedType, proposeType } from './propose-type.ts'
import { type ProposedName, proposedNames } from './proposed-names.ts'

/** A column proposed from a file, with what speaks for it. */
export type ProposedColumn = { column: Column; evidence: string[]; samples: string[] }

/** Cells to the right of the last header are looked at up to here; a stray one at the end of a sheet is not a column. */
const MOST_COLUMNS = 1000
const LONGEST_KEY = 100
const ID_WORDS = /^(?:sku|id|no|number|nr|num|code|key|isbn|ean|gtin|uuid|nummer|numero)$/

/**
 * Looks at the rows of a file, one by one and in bounded memory, and proposes the columns of a template for it.
 * `headers` is positional, with '' for a blank one; rows are those below the header.
 */
export class ColumnProposer {
  readonly #columns: ColumnEvidence[]
  readonly #newColumnId: () => string
  #rows = 0

  constructor(headers: string[], makeColumnId: () => string = newColumnId) {
    this.#columns = headers.map((header) => new ColumnEvidence(header.trim()))
    this.#newColumnId = makeColumnId
  }

  add(row: Row): void {
    this.#rows += 1
    const width = Math.min(row.cells.length, Math.max(MOST_COLUMNS, this.#columns.length))
    while (this.#columns.length < width) this.#columns.push(new ColumnEvidence(''))
    for (let index = 0; index < width; index += 1) this.#columns[index]?.add(row.cells[index], row.number)
  }

  /** One proposal per column, left to right, without blank columns and without the record ids of our own exports. */
  finish(): ProposedColumn[] {
    const names = proposedNames(this.#columns.map((column) => column.header))
    const habits = commonHabits(this.#columns)
    const proposals = this.#columns.flatMap((seen, index) => {
      const name = names[index]
      const leftOut = (seen.header === '' && seen.filled === 0) || isRecordIdHeader(seen.header)
      return name === undefined || leftOut ? [] : [this.#propose(seen, name, habits)]
    })
    markKey(proposals)
    return proposals.map(({ column, evidence, samples }) => ({ column, evidence, samples }))
  }

  #propose(seen: ColumnEvidence, name: ProposedName, habits: Habits): Candidate {
    const proposed = proposeType(seen, habits)
    const alwaysFilled = seen.filled === this.#rows && this.#rows > 0
    const unique = seen.unique && seen.filled > 1
    const evidence = [
      ...proposed.evidence,
      ...filledEvidence(seen, this.#rows),
      ...(unique ? [uniqueEvidence(seen)] : []),
    ]
    const column = newColumn(this.#newColumnId(), name, proposed)
    return { column, evidence, samples: seen.samples, mayBeKey: alwaysFilled && unique && isKeyLike(seen, proposed) }
  }
}

type Candidate = ProposedColumn & { mayBeKey: boolean }

function newColumn(id: string, { name, aliases }: ProposedName, proposed: ProposedType): Column {
  const { type, choices, dateOrder, decimal } = proposed
  const rules = { required: false, unique: false, key: false, min: null, max: null, pattern: null }
  return { id, name, type, ...rules, aliases, choices, dateOrder, decimal }
}

function filledEvidence({ filled }: ColumnEvidence, rows: number): string[] {
  if (filled === 0) return []
  return [filled === rows ? 'always filled' : `empty in ${figure(rows - filled)} of ${figure(rows)} rows`]
}

function uniqueEvidence({ filled }: ColumnEvidence): string {
  return filled > UNIQUE_WITHIN ? `looks unique in the first ${figure(UNIQUE_WITHIN)} values` : 'looks unique'
}

function isKeyLike({ longest }: ColumnEvidence, { type }: ProposedType): boolean {
  return longest <= LONGEST_KEY && (type === 'text' || type === 'integer' || type === 'email')
}

/** The key is the first column that could be one and is headed like one, else the first text or whole number that could. */
function markKey(proposals: Candidate[]): void {
  const candidates = proposals.filter((proposal) => proposal.mayBeKey)
  const named = candidates.find(({ column }) => isHeadedLikeKey(column.name))
  const key = named ?? candidates.find(({ column }) => column.type !== 'email')
  if (key === undefined) return
  key.column.key = true
  key.column.required = true
  const reason =
    named === undefined
      ? 'always filled and never twice the same'
      : 'headed like an identifier, always filled and never twice the same'
  key.evidence.push(`proposed as the key: ${reason}`)
}

function isHeadedLikeKey(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map(headerKey)
  const whole = headerKey(name)
  return (
    words.some((word) => ID_WORDS.test(word)) || whole.includes('email') || /nummer$/.test(whole) || /^[#№]$/.test(name)
  )
}
