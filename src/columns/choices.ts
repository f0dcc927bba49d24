import { cellText, decimalText } from './cell-text.ts'
import { type Checked, type FilledCell, type FilledCheck, type Misfit, misfit, quoted, shown } from './checked.ts'
import type { Column } from './column.ts'
import { nearness } from './edit-distance.ts'
import { looseKey } from './header-key.ts'

const MOST_LISTED = 10
/** The same wrong word tends to come thousands of times; its nearest choice is looked for once. */
const MOST_REMEMBERED = 1000

/** Takes a choice as written, else ignoring case, spaces and accents, and gives its spelling in the template. */
export function compileChoiceCheck(column: Column): FilledCheck {
  const exact = new Set(column.choices)
  const loose = looseChoices(column.choices)
  const refused = new Map<string, Misfit>()

  const refuse = (text: string): Misfit => {
    const known = refused.get(text)
    if (known !== undefined) return known
    const fresh = misfit(column, 'not_in_list', text, `is not in the list. ${adviceFor(text, column.choices)}`)
    if (refused.size < MOST_REMEMBERED) refused.set(text, fresh)
    return fresh
  }

  return (cell): Checked => {
    if (typeof cell === 'string' && exact.has(cell)) return cell
    for (const text of spellings(cell)) {
      const choice = exact.has(text) ? text : loose.get(looseKey(text))
      if (choice !== undefined) return choice
    }
    return refuse(cellText(cell).trim())
  }
}

/** What the person sees, and for a formatted number also the number itself: "1.00" is the choice "1". */
function spellings(cell: FilledCell): string[] {
  const text = cellText(cell).trim()
  return typeof cell === 'object' && cell.type === 'number' ? [text, decimalText(cell.value)] : [text]
}

/** Choices by their loose key, without those that only case, spaces or accents tell apart: they must be written exactly. */
function looseChoices(choices: string[]): Map<string, string> {
  const byKey = new Map<string, string>()
  const shared = new Set<string>()
  for (const choice of choices) {
    const key = looseKey(choice)
    if (byKey.has(key)) shared.add(key)
    byKey.set(key, choice)
  }
  for (const key of shared) byKey.delete(key)
  return byKey
}

function adviceFor(text: string, choices: string[]): string {
  const nearest = nearestChoice(text, choices)
  const question = nearest === undefined ? '' : `Did you mean ${quoted(nearest)}? `
  return `${question}Allowed: ${listed(choices)}.`
}

function listed(choices: string[]): string {
  const named = choices.slice(0, MOST_LISTED).map(shown).join(', ')
  const more = choices.length - MOST_LISTED
  return more > 0 ? `${named} and ${more} more` : named
}

function nearestChoice(text: string, choices: string[]): string | undefined {
  const key = looseKey(text.slice(0, 200))
  let best: string | undefined
  let bestNearness = 0
  for (const choice of choices) {
    const near = nearness(key, looseKey(choice))
    if (near > bestNearness) [best, bestNearness] = [choice, near]
  }
  return best
}
