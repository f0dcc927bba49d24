import { openAsBlob } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'

type TemplateAnswer = {
  id: string
  name: string
  version: number
  records: number
  columns: { id: string; name: string; aliases: string[] }[]
}
type RecordAnswer = { id: number; values: Record<string, unknown>; import: { row: number; file: string } | null }

/** The JSON API as a program uses it. */
export class Api {
  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  async request(
    method: string,
    route: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const form = body instanceof FormData
    const response = await fetch(`${this.#url}${route}`, {
      method,
      headers: {
        ...headers,
        Authorization: `Bearer ${this.#key}`,
        ...(body !== undefined && !form && { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : form ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text) }
  }

  /** The same, for calls that must succeed. */
  async ask<T>(method: string, route: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, route, body)
    if (answer.status >= 300) throw new Error(`${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as T
  }

  createTemplate(template: unknown): Promise<TemplateAnswer> {
    return this.ask('POST', '/api/templates', template)
  }

  template(id: string): Promise<TemplateAnswer> {
    return this.ask('GET', `/api/templates/${id}`)
  }

  async upload(templateId: string, file: string | { name: string; text: string }, fields: Record<string, string> = {}) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    if (typeof file === 'string') form.set('file', await openAsBlob(file), path.basename(file))
    else form.set('file', new Blob([file.text]), file.name)
    return this.request('POST', `/api/templates/${templateId}/imports`, form)
  }

  async startImport(...args: Parameters<Api['upload']>): Promise<JobObject> {
    const { status, body } = await this.upload(...args)
    expect(body).toMatchObject({ kind: 'import' })
    expect(status).toBe(202)
    return body as JobObject
  }

  job(id: string): Promise<JobObject> {
    return this.ask('GET', `/api/jobs/${id}`)
  }

  /** Waits until the job has ended or needs somebody. */
  async settled(job: { id: string }, timeout = 60_000): Promise<JobObject> {
    let now = await this.job(job.id)
    await expect
      .poll(
        async () => {
          now = await this.job(job.id)
          return now.status
        },
        { timeout, interval: 50 },
      )
      .not.toMatch(/^(pending|processing)$/)
    return now
  }

  async import(...args: Parameters<Api['upload']>): Promise<JobObject> {
    return this.settled(await this.startImport(...args))
  }

  async records(templateId: string, query = ''): Promise<RecordAnswer[]> {
    const all: RecordAnswer[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: RecordAnswer[]; next: string | null } = await this.ask(
        'GET',
        `/api/templates/${templateId}/records?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}${query}`,
      )
      all.push(...page.items)
      cursor = page.next
    }
    return all
  }

  async downloadFrom(route: string): Promise<Buffer> {
    const response = await fetch(`${this.#url}${route}`, { headers: { Authorization: `Bearer ${this.#key}` } })
    expect(response.status).toBe(200)
    return Buffer.from(await response.arrayBuffer())
  }

  async export(
    templateId: string,
    wish: { format: 'xlsx' | 'csv'; content: string; filter?: unknown; delimiter?: string },
  ): Promise<Buffer> {
    const job = await this.settled(await this.ask<JobObject>('POST', `/api/templates/${templateId}/exports`, wish))
    expect(job).toMatchObject({ status: 'completed', error: null })
    return this.downloadFrom(`/api/jobs/${job.id}/file`)
  }
}
