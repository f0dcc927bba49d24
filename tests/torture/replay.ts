import { setTimeout as sleep } from 'node:timers/promises'
import { dataFolder } from '../../src/config.ts'
import { type Acknowledged, importForm } from './client.ts'
import type { Door } from './door.ts'
import { askEdit, type Edit } from './edits.ts'
import { TEMPLATE } from './sheet.ts'
import { type Entry, readTableState, type TableState } from './table-state.ts'

/** A server that nothing happens to. */
export type CalmServer = { door: Door; folder: string }

/** Does what the ledger of a tortured table says was done, in the same order, where nothing disturbs it. */
export async function replay(
  { door, folder }: CalmServer,
  {
    name,
    entries,
    acknowledged,
    edits,
  }: { name: string; entries: Entry[]; acknowledged: Acknowledged[]; edits: Map<number, Edit> },
): Promise<TableState> {
  const templateId = await makeTemplate(door, name)
  const jobs = new Map<number, string>()
  for (const { entry, job_id, undo_of } of entries) {
    const edit = edits.get(entry)
    if (edit !== undefined) {
      const { status, body } = await askEdit(door, templateId, edit)
      if (status >= 300) throw new Error(`undisturbed, ${edit.does} ${edit.mark} was refused: ${JSON.stringify(body)}`)
      continue
    }
    const known = acknowledged.find(({ jobId }) => jobId === job_id)
    const answer =
      undo_of === null
        ? known?.kind === 'import' &&
          (await door.ask({
            method: 'POST',
            path: `/api/templates/${templateId}/imports`,
            form: importForm(known.sheet, known.mode),
          }))
        : await door.ask({ method: 'POST', path: `/api/jobs/${jobs.get(undo_of)}/undo` })
    if (answer === false) throw new Error(`entry ${entry} of ${name} is of a job that nobody asked for: ${job_id}`)
    const jobId = String(answer.body.id)
    jobs.set(entry, jobId)
    await completed(door, jobId)
  }
  return readTableState(dataFolder(folder).table(templateId))
}

export async function makeTemplate(door: Door, name: string): Promise<string> {
  const { status, body } = await door.ask({
    method: 'POST',
    path: '/api/templates',
    json: { ...TEMPLATE, name },
  })
  if (status !== 201) throw new Error(`the template was refused: ${JSON.stringify(body)}`)
  return String(body.id)
}

async function completed(door: Door, jobId: string): Promise<void> {
  for (;;) {
    const { body } = await door.ask({ method: 'GET', path: `/api/jobs/${jobId}` })
    if (body.status === 'completed') return
    if (body.status === 'failed' || body.status === 'cancelled') {
      throw new Error(`undisturbed, job ${jobId} ended as ${body.status}: ${JSON.stringify(body.error)}`)
    }
    await sleep(5)
  }
}
