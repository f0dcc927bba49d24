import { setTimeout as sleep } from 'node:timers/promises'

/** Nobody knows whether the server had heard it: it was gone before it answered. */
export class Unanswered extends Error {}

type Asked = { method: string; path: string; form?: FormData; json?: object; headers?: Record<string, string> }
export type Answer = { status: number; body: Record<string, unknown> }

const ANSWER_WITHIN_MS = 60_000
const INSIST_FOR_MS = 300_000
/** Nobody takes a key, a template or a job away in these rounds. */
const GONE = new Set([401, 403, 404])

/** Where the server can be reached while it comes and goes. */
export class Door {
  #url: string | undefined
  #locked = false
  /** How often the line was dead. */
  #cuts = 0
  readonly #key: string

  constructor(key: string) {
    this.#key = key
  }

  open(url: string): void {
    this.#url = url
  }

  close(): void {
    this.#url = undefined
  }

  /** As `close`, and what was asked before is not heard any more either, as when the power goes. */
  cut(): void {
    this.#url = undefined
    this.#cuts++
  }

  /** No server will come back: whoever waits for one, or comes later, is turned away. */
  lock(): void {
    this.#url = undefined
    this.#locked = true
  }

  /** Waits for a server and asks it once. Throws `Unanswered` when it goes away before it has answered. */
  async ask({ method, path, form, json, headers }: Asked): Promise<Answer> {
    while (this.#url === undefined) {
      if (this.#locked) throw new Error('the door is locked')
      await sleep(10)
    }
    const cuts = this.#cuts
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.#key}`,
          ...(json !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        body: json === undefined ? (form ?? null) : JSON.stringify(json),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const body = response.status === 204 ? {} : ((await response.json()) as Answer['body'])
      if (cuts !== this.#cuts) throw new Error('the power was gone before the answer was heard')
      return { status: response.status, body }
    } catch (error) {
      throw new Unanswered(`${method} ${path}`, { cause: error })
    }
  }

  /**
   * Asks until there is an answer; for what may be asked twice. Throws when the server does not know what it once gave
   * or acknowledged, the key or a template or job, and when it answers nothing useful for too long.
   */
  async insist(asked: Asked): Promise<Answer> {
    const begun = performance.now()
    while (performance.now() - begun < INSIST_FOR_MS) {
      try {
        const answer = await this.ask(asked)
        if (GONE.has(answer.status)) throw new Error(`${saying(asked)} was answered with ${answer.status}`)
        // Storage that fails is said, and nothing was done.
        if (answer.status !== 503 && answer.status !== 507) return answer
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error
      }
      await sleep(20)
    }
    throw new Error(`${saying(asked)} was not answered within ${INSIST_FOR_MS / 60_000} minutes`)
  }
}

function saying({ method, path }: Asked): string {
  return `${method} ${path}`
}
