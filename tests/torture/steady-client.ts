import { setTimeout as sleep } from 'node:timers/promises'
import { type Acknowledged, importForm, type Worked } from './client.ts'
import type { Door } from './door.ts'
import { type Edit, makeEdit } from './edits.ts'
import { type Row, type Sheet, sheetOf } from './sheet.ts'

/** Somebody who does the same things in the same order every time, and waits for each until it is done. */
export class SteadyClient implements Worked {
  readonly templateId: string
  readonly acknowledged: Acknowledged[] = []
  readonly edits: Edit[] = []
  readonly #door: Door
  readonly #rows: number
  #last = ''

  constructor(door: Door, { templateId, rows }: { templateId: string; rows: number }) {
    this.#door = door
    this.templateId = templateId
    this.#rows = rows
  }

  async import(): Promise<void> {
    const sheet = steadySheet(this.acknowledged.length + 1, this.#rows)
    const { body } = await this.#door.insist({
      method: 'POST',
      path: `/api/templates/${this.templateId}/imports`,
      form: importForm(sheet, 'update'),
      headers: { 'Idempotency-Key': sheet.name },
    })
    this.#last = String(body.id)
    this.acknowledged.push({ kind: 'import', jobId: this.#last, sheet, mode: 'update', cancelled: false })
    await this.#completed(this.#last)
  }

  async undo(): Promise<void> {
    const { body } = await this.#door.insist({ method: 'POST', path: `/api/jobs/${this.#last}/undo` })
    this.acknowledged.push({ kind: 'undo', jobId: String(body.id), of: this.#last })
    await this.#completed(String(body.id))
  }

  /** Looks at the table, for which there has to be a process that answers pages. */
  async look(): Promise<void> {
    await this.#door.insist({ method: 'GET', path: `/api/templates/${this.templateId}/records?limit=1` })
  }

  /** Creates, changes and deletes records in turn. */
  async edit(): Promise<void> {
    const nth = this.edits.length + 1
    const does = (['create', 'change', 'delete'] as const)[nth % 3] ?? 'create'
    const edit: Edit = { does, record: does === 'create' ? 0 : nth, mark: `by hand ${nth}`, answer: 'unknown' }
    this.edits.push(edit)
    await makeEdit(this.#door, this.templateId, edit)
  }

  async #completed(jobId: string): Promise<void> {
    for (;;) {
      const { body } = await this.#door.insist({ method: 'GET', path: `/api/jobs/${jobId}` })
      if (body.status === 'completed') return
      if (body.status !== 'pending' && body.status !== 'processing') {
        throw new Error(`job ${jobId} ended as ${body.status}: ${JSON.stringify(body.error)}`)
      }
      await sleep(10)
    }
  }
}

/** The next sheet is written with the same calls as this one: a third of its rows change, one is new, and few are refused. */
function steadySheet(nth: number, rows: number): Sheet {
  const lines = Array.from({ length: rows }, (_, n): Row => {
    const price = n % 3 === nth % 3 ? 1000 + nth : n
    const date = n % 500 === 250 ? '31/02/2024' : '28/02/2024'
    return [String(n).padStart(6, '0'), `Item ${n}`, price, date]
  })
  return sheetOf(`sheet-${nth}`, lines, 'csv')
}
