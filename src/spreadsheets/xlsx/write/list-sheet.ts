import { columnLetters } from '../../cell.ts'
import { quoteSheetName } from '../../export-marks.ts'
import type { OutColumn } from '../../out-sheet.ts'

/** What a list of choices in a formula may be long at most (Excel specifications and limits). */
const MOST_INLINE = 255

/** The sheet that holds the lists that are too long for a formula, one list a column; undefined when there is none. */
export type ListSheet = { name: string; lists: string[][] }

export function listSheetOf(columns: OutColumn[], sheetName: string): ListSheet | undefined {
  const lists = columns.flatMap(({ rule }) => (rule?.choices && !isInline(rule.choices) ? [rule.choices] : []))
  const name = sheetName.toLowerCase() === 'choices' ? 'Choices (lists)' : 'Choices'
  return lists.length === 0 ? undefined : { name, lists }
}

/** A drop-down's formula (ECMA-376 Part 1, 18.3.1.40): the choices themselves, or where they stand. */
export function listFormula(choices: string[], sheet: ListSheet | undefined): string {
  if (isInline(choices)) return `"${choices.join(',')}"`
  const letters = columnLetters(sheet?.lists.indexOf(choices) ?? 0)
  return `${quoteSheetName(sheet?.name ?? '')}!$${letters}$1:$${letters}$${choices.length}`
}

/** A comma always ends a choice there, blanks around it are dropped, and quotes are read differently by programs. */
function isInline(choices: string[]): boolean {
  const isPlain = choices.every((choice) => choice === choice.trim() && !/^=|[",\n\r]/.test(choice))
  return isPlain && choices.join(',').length <= MOST_INLINE
}
