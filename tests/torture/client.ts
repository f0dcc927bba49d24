import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Door } from './door.ts'
import { type Edit, makeEdit } from './edits.ts'
import type { Random } from './random.ts'
import { makeSheet, type Sheet } from './sheet.ts'

/** What the server said yes to. */
export type Acknowledged = { jobId: string } & (
  | { kind: 'import'; sheet: Sheet; mode: string; cancelled: boolean }
  | { kind: 'undo'; of: string }
)

/** A template, what the server said yes to there, and what was changed by hand. */
export type Worked = { readonly templateId: string; readonly acknowledged: Acknowledged[]; readonly edits: Edit[] }

const MODES = ['update', 'update', 'replace', 'add'] as const
/** Jobs that may wait: more would only make the end of a round longer. */
const MOST_UNFINISHED = 3
const OVER = /^(completed|failed|cancelled)$/

/**
 * Somebody who uploads, approves, cancels, tries again, undoes and changes records by hand, one thing after the other, in
 * a template of their own, and who writes down what was acknowledged where no fault of the server can reach it.
 */
export class Client implements Worked {
  readonly templateId: string
  readonly acknowledged: Acknowledged[] = []
  readonly edits: Edit[] = []
  readonly #name: string
  readonly #door: Door
  readonly #random: Random
  readonly #log: string
  #sheets = 0
  #enough = false

  constructor(
    name: string,
    { door, random, templateId, log }: { door: Door; random: Random; templateId: string; log: string },
  ) {
    this.#name = name
    this.#door = door
    this.#random = random
    this.templateId = templateId
    this.#log = log
  }

  /** Begin nothing new. */
  enough(): void {
    this.#enough = true
  }

  async run(): Promise<void> {
    while (!this.#enough) {
      await this.#import()
      if (this.#random.chance(0.1)) await this.#cancelLast()
      if (this.#random.chance(0.1)) await this.#undoLast()
      while (this.#random.chance(0.6)) await this.#edit()
      await this.#wait()
    }
    await this.#settleAll()
  }

  async #import(): Promise<void> {
    const sheet = makeSheet(this.#random, `${this.#name}-${++this.#sheets}`)
    const mode = this.#random.pick(MODES)
    const { status, body } = await this.#door.insist({
      method: 'POST',
      path: `/api/templates/${this.templateId}/imports`,
      form: this.#random.chance(0.25) ? reviewedForm(sheet, mode) : importForm(sheet, mode),
      headers: { 'Idempotency-Key': sheet.name },
    })
    if (status !== 202)
      throw new Error(`the upload of ${sheet.name} was answered with ${status} ${JSON.stringify(body)}`)
    this.#note({ kind: 'import', jobId: String(body.id), sheet, mode, cancelled: false })
  }

  async #cancelLast(): Promise<void> {
    const last = this.acknowledged.at(-1)
    if (last?.kind !== 'import') return
    await sleep(this.#random.below(150))
    await this.#door.insist({ method: 'POST', path: `/api/jobs/${last.jobId}/cancel` })
    last.cancelled = true
    if (this.#random.chance(0.5)) await this.#retry(last.jobId)
  }

  async #retry(jobId: string): Promise<void> {
    const job = await this.#settled(jobId)
    if (job.status === 'completed') return
    await this.#door.insist({ method: 'POST', path: `/api/jobs/${jobId}/retry` })
  }

  async #undoLast(): Promise<void> {
    const last = this.acknowledged.at(-1)
    if (last?.kind !== 'import' || (await this.#settled(last.jobId)).status !== 'completed') return
    const { status, body } = await this.#door.insist({ method: 'POST', path: `/api/jobs/${last.jobId}/undo` })
    // A repeated wish is refused when the first was carried out meanwhile; and what changed nothing can't be undone.
    if (status === 202 || status === 200) this.#note({ kind: 'undo', jobId: String(body.id), of: last.jobId })
  }

  async #edit(): Promise<void> {
    const { does, record } = await this.#pick()
    const edit: Edit = { does, record, mark: `${this.#name} by hand ${this.edits.length + 1}`, answer: 'unknown' }
    this.edits.push(edit)
    await makeEdit(this.#door, this.templateId, edit)
    appendFileSync(this.#log, `${JSON.stringify({ ...edit, template: this.templateId })}\n`)
  }

  async #pick(): Promise<Pick<Edit, 'does' | 'record'>> {
    const { body } = await this.#door.insist({
      method: 'GET',
      path: `/api/templates/${this.templateId}/records?limit=1&offset=${this.#random.below(100)}`,
    })
    const [record] = body.items as { id: number }[]
    const does = this.#random.pick(['create', 'change', 'change', 'delete'] as const)
    return record === undefined || does === 'create' ? { does: 'create', record: 0 } : { does, record: record.id }
  }

  async #wait(): Promise<void> {
    const early = this.acknowledged.at(-MOST_UNFINISHED)
    if (early !== undefined && !this.#enough) await this.#settled(early.jobId, { orEnough: true })
  }

  /** Every job ends. One that was hit too often in a row waits for somebody who wants it all the same. */
  async #settleAll(): Promise<void> {
    for (const { jobId } of this.acknowledged) {
      let job = await this.#settled(jobId)
      while (job.error?.code === 'poison') {
        await this.#retry(jobId)
        job = await this.#settled(jobId)
      }
    }
  }

  async #settled(
    jobId: string,
    { orEnough = false } = {},
  ): Promise<{ status: string; error: { code: string } | null }> {
    for (;;) {
      const { body } = await this.#door.insist({ method: 'GET', path: `/api/jobs/${jobId}` })
      const job = { status: String(body.status), error: body.error as { code: string } | null }
      if (OVER.test(job.status) || (orEnough && this.#enough)) return job
      if (job.status === 'review') await this.#door.insist({ method: 'POST', path: `/api/jobs/${jobId}/approve` })
      await sleep(30)
    }
  }

  #note(acknowledged: Acknowledged): void {
    this.acknowledged.push(acknowledged)
    const sheet = acknowledged.kind === 'import' ? acknowledged.sheet.fileName : undefined
    appendFileSync(this.#log, `${JSON.stringify({ ...acknowledged, sheet, template: this.templateId })}\n`)
  }
}

export function importForm({ fileName, bytes }: Sheet, mode: string): FormData {
  const form = new FormData()
  form.set('mode', mode)
  form.set('force', 'true')
  form.set('file', new Blob([bytes]), fileName)
  return form
}

/** Whatever is refused or would be deleted, somebody has to say yes to. */
function reviewedForm(sheet: Sheet, mode: string): FormData {
  const form = importForm(sheet, mode)
  form.set('on_problems', 'review')
  form.set('force', 'no')
  return form
}
