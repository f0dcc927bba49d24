import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, vi } from 'vitest'
import { Api } from '../support/api.ts'
import { makeApiKey } from '../support/api-key.ts'
import { OWNER } from '../support/running-server.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** A folder for all tests of a file. */
export function folderForFile(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

type Started = {
  child: ChildProcess
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  output: { text: string }
  url: string
  key: string
}

/** The key to each folder. */
const keys = new Map<string, string>()

/** The server as a process of its own, started as `npm start` does it, so that it can be killed like one. */
export class ServerProcess {
  readonly url: string
  readonly key: string
  readonly api: Api
  readonly #child: ChildProcess
  readonly #exited: Started['exited']
  readonly #output: { text: string }

  private constructor({ child, output, exited, url, key }: Started) {
    this.url = url
    this.key = key
    this.api = new Api(url, key)
    this.#child = child
    this.#exited = exited
    this.#output = output
  }

  static async start(folder: string, env: Record<string, string> = {}): Promise<ServerProcess> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      cwd: ROOT,
      env: { PORT: '0', DATA_DIR: folder, OWNER_EMAIL: OWNER.email, OWNER_PASSWORD: OWNER.password, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { text: '' }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output.text += text
      })
    }
    const exited: Started['exited'] = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    const url = await addressOf(child, output)
    // Of later lives of this server it is not asked again: each key is one more write to the disk.
    const key = keys.get(folder) ?? makeApiKey(folder, OWNER.email)
    keys.set(folder, key)
    return new ServerProcess({ child, output, exited, url, key })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What the server has printed so far. */
  get output(): string {
    return this.#output.text
  }

  /** As a power cut, or an impatient administrator, ends it; harmless when it is gone already. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  /** Asks it to stop, and answers how it went and how long that took. */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const asked = performance.now()
    this.#child.kill('SIGTERM')
    const { code } = await this.#exited
    return { code, ms: performance.now() - asked }
  }
}

async function addressOf(child: ChildProcess, output: { text: string }): Promise<string> {
  await vi.waitFor(() => expect(child.exitCode !== null || /running at \S+\n/.test(output.text)).toBe(true), {
    timeout: 60_000,
    interval: 20,
  })
  const url = /running at (\S+)\n/.exec(output.text)?.[1]
  if (url === undefined) throw new Error(`the server ended with ${child.exitCode}: ${output.text}`)
  return url
}

/** The cookie of a person who signed in. */
export async function signIn({ url }: ServerProcess): Promise<string> {
  const body = new URLSearchParams({ email: OWNER.email, password: OWNER.password })
  const answer = await fetch(`${url}/sign-in`, { method: 'POST', headers: { Origin: url }, body, redirect: 'manual' })
  expect(answer.status).toBe(303)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}
