import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { dataFolder } from '../../src/config.ts'
import { connectDb } from '../../src/db/open.ts'
import { listTeamsOfUser } from '../../src/db/teams.ts'
import { findUserByEmail } from '../../src/db/users.ts'
import { createApiKey } from '../../src/services/api-keys.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** As `npm start` starts it. */
const START = ['--max-semi-space-size=4', '--import', 'tsx']
const OWNER = { email: 'bench@example.org', password: 'long-enough-to-bench' }
const START_WITHIN_MS = 60_000
/** A file of three million rows is larger than what people are usually let upload. */
const MOST_UPLOAD_MB = '8192'

/** Sheetport as `npm start` runs it, on a free port of this machine, with somebody signed in. */
export type RunningServer = { url: string; pid: number; cookie: string; key: string; stop: () => Promise<void> }

export async function startServer(folder: string): Promise<RunningServer> {
  const child = spawn(process.execPath, [...START, 'src/main.ts'], {
    cwd: ROOT,
    env: {
      ...{ PORT: '0', DATA_DIR: folder, MAX_UPLOAD_MB: MOST_UPLOAD_MB },
      ...{ OWNER_EMAIL: OWNER.email, OWNER_PASSWORD: OWNER.password },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  const url = await addressOf(child)
  return { url, pid: child.pid ?? 0, cookie: await signIn(url), key: makeKey(folder), stop: () => stop(child) }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const late = setTimeout(() => reject(new Error(`The server did not start: ${text}`)), START_WITHIN_MS)
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${text}`)))
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-10_000)
      const url = /running at (\S+)\n/.exec(text)?.[1]
      if (url === undefined) return
      clearTimeout(late)
      resolve(url)
    })
  })
}

async function signIn(url: string): Promise<string> {
  const body = new URLSearchParams(OWNER)
  const answer = await fetch(`${url}/sign-in`, { method: 'POST', headers: { Origin: url }, body, redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0]
  if (cookie === undefined) throw new Error(`Signing in was answered ${answer.status}.`)
  return cookie
}

function makeKey(folder: string): string {
  const db = connectDb(dataFolder(folder).appDb)
  try {
    const user = findUserByEmail(db, OWNER.email)
    const [team] = user === undefined ? [] : listTeamsOfUser(db, user.id)
    if (user === undefined || team === undefined) throw new Error('The server has made no owner.')
    return createApiKey({ db }, { user, team }, 'bench').key
  } finally {
    db.$client.close()
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
