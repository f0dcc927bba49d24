import { type Answer, type Door, Unanswered } from './door.ts'
import type { Entry } from './table-state.ts'

/** A change by hand that somebody asked for. `mark` is a text that no other record has. */
export type Edit = {
  does: 'create' | 'change' | 'delete'
  /** The one to change or delete; 0 for one that is created. */
  record: number
  mark: string
  /** What the server said; `unknown` when it was gone, or said that something failed, before it had said what. */
  answer: 'done' | 'refused' | 'unknown'
}

/** Asks once: an edit that may have been made already is not asked for again. */
export async function askEdit(door: Door, templateId: string, { does, record, mark }: Edit): Promise<Answer> {
  const path = `/api/templates/${templateId}/records`
  if (does === 'create')
    return door.ask({ method: 'POST', path, json: { values: { SKU: mark, Name: mark, Price: 1 } } })
  if (does === 'delete') return door.ask({ method: 'DELETE', path: `${path}/${record}` })
  return door.ask({ method: 'PATCH', path: `${path}/${record}`, json: { values: { Name: mark } } })
}

/** Asks, and writes down what the server said. */
export async function makeEdit(door: Door, templateId: string, edit: Edit): Promise<void> {
  try {
    const { status } = await askEdit(door, templateId, edit)
    if (status < 500) edit.answer = status < 300 ? 'done' : 'refused'
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
}

/** What a table shows of an entry of its ledger that is an edit. */
export type EditSeen = { deleted: number } | { name: string | null }

/** Which edit each entry is; the promises that are broken by entries without an edit, and by edits without an entry. */
export function matchEdits(
  edits: readonly Edit[],
  entries: readonly Entry[],
): { by: Map<number, Edit>; found: string[] } {
  const by = new Map<number, Edit>()
  const left = new Set(edits)
  const found: string[] = []
  for (const { entry, edit: seen } of entries) {
    if (seen === null) continue
    const alike = [...left].filter((edit) => isSeen(edit, seen))
    const edit = alike.find(({ answer }) => answer === 'done') ?? alike.find(({ answer }) => answer === 'unknown')
    if (edit === undefined) {
      found.push(`entry ${entry} is an edit that was refused, was made before, or that nobody asked for`)
      continue
    }
    by.set(entry, edit)
    left.delete(edit)
  }
  const lost = [...left].filter(({ answer }) => answer === 'done')
  found.push(...lost.map(({ does, record, mark }) => `an edit was acknowledged and is gone: ${does} ${record} ${mark}`))
  return { by, found }
}

function isSeen({ does, record, mark }: Edit, seen: EditSeen): boolean {
  return 'deleted' in seen ? does === 'delete' && record === seen.deleted : does !== 'delete' && mark === seen.name
}
