import { columnLetters } from '../spreadsheets/cell.ts'

const LONGEST_NAME = 100

export type ProposedName = { name: string; aliases: string[] }

/**
 * A name for every column: its header; "Column C" for a blank one; with " 2" after it when it stands there again. A
 * header whose name had to differ is kept as an alias, so that the file it came from matches.
 */
export function proposedNames(headers: string[]): ProposedName[] {
  const taken = new Set<string>()
  return headers.map((text, index) => {
    const header = text.replace(/\s+/g, ' ').trim()
    const wanted = header === '' ? `Column ${columnLetters(index)}` : header.slice(0, LONGEST_NAME).trim()
    const name = firstFree(wanted, taken)
    taken.add(name.toLowerCase())
    return { name, aliases: header === '' || header === name ? [] : [header] }
  })
}

function firstFree(wanted: string, taken: Set<string>): string {
  if (!taken.has(wanted.toLowerCase())) return wanted
  let count = 2
  while (taken.has(`${wanted} ${count}`.toLowerCase())) count += 1
  return `${wanted} ${count}`
}
