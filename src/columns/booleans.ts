import { type Checked, type FilledCell, type FilledCheck, misfit } from './checked.ts'
import type { Column } from './column.ts'
import { folding } from './header-key.ts'

/** The words for yes and no, in pairs: what people type, and what Excel shows in some of its languages. */
export const BOOLEAN_WORDS = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['1', '0'],
  ['ja', 'nein'],
  ['oui', 'non'],
  ['si', 'no'],
  ['wahr', 'falsch'],
  ['vrai', 'faux'],
] as const

const VALUES = new Map<string, boolean>()
for (const [yes, no] of BOOLEAN_WORDS) {
  for (const cased of [lower, upper, capitalised]) VALUES.set(cased(yes), true).set(cased(no), false)
}
const ACCEPTED = BOOLEAN_WORDS.map((pair) => pair.join('/')).join(', ')

/** The truth of a trimmed text, in any case and without accents; undefined when it is none of the words. */
export function findBoolean(text: string): boolean | undefined {
  return VALUES.get(text) ?? (text.length > 10 ? undefined : VALUES.get(folding(text)))
}

export function compileBooleanCheck(column: Column): FilledCheck {
  return (cell): Checked => {
    if (typeof cell === 'boolean') return cell
    return truth(cell) ?? misfit(column, 'not_boolean', cell, `is not yes or no, expected one of ${ACCEPTED}.`)
  }
}

function truth(cell: FilledCell): boolean | undefined {
  if (typeof cell === 'string') return findBoolean(cell)
  const number = typeof cell === 'object' && cell.type === 'number' ? cell.value : cell
  return number === 1 ? true : number === 0 ? false : undefined
}

function lower(word: string): string {
  return word
}
function upper(word: string): string {
  return word.toUpperCase()
}
function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
