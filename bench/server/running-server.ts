import { dataFolder } from '../../src/config.ts'
import { connectDb } from '../../src/db/open.ts'
import { listTeamsOfUser } from '../../src/db/teams.ts'
import { findUserByEmail } from '../../src/db/users.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import { OWNER, ServerProcess } from '../jobs/server-process.ts'

/** A file of three million rows is larger than what people are usually let upload. */
const MOST_UPLOAD_MB = '8192'

/** Sheetport on a free port of this machine, with somebody signed in. */
export type RunningServer = { url: string; pid: number; cookie: string; key: string; stop: () => Promise<void> }

export async function startServer(folder: string): Promise<RunningServer> {
  const server = await ServerProcess.start(folder, { env: { MAX_UPLOAD_MB: MOST_UPLOAD_MB } })
  const { url, pid } = server
  return { url, pid, cookie: await signIn(url), key: makeKey(folder), stop: () => server.stop() }
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
