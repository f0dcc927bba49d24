import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Hono } from 'hono'
import { readConfig } from '../../src/config.ts'
import { openDb } from '../../src/db/open.ts'
import { insertMembership, insertTeam } from '../../src/db/teams.ts'
import { insertUser } from '../../src/db/users.ts'
import { createEvents } from '../../src/events.ts'
import { newId } from '../../src/ids.ts'
import { ProcessPool } from '../../src/processes/pool.ts'
import { recordsApi } from '../../src/routes/api/records.ts'
import { templatesApi } from '../../src/routes/api/templates.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import { type Context, type Member, Refusal } from '../../src/services/context.ts'
import { TableSizes } from '../../src/services/table-sizes.ts'
import { Workers } from '../../src/services/workers.ts'
import { requireKey } from '../../src/web/api-key.ts'
import type { Env } from '../../src/web/env.ts'
import { problemForError, problemForNotFound } from '../../src/web/problem-json.ts'
import { requestId } from '../../src/web/request-id.ts'

/** An empty data folder with the services on it, and a process that answers for the tables. */
export type Workspace = { context: Context; close(): Promise<void> }

export function openWorkspace(env: Record<string, string> = {}): Workspace {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-'))
  const config = readConfig({ DATA_DIR: folder, ...env })
  for (const each of config.data.folders) mkdirSync(each, { recursive: true })
  const db = openDb(config.data.appDb)
  const desk = new ProcessPool({ size: 1, memoryBytes: 1024 ** 3, stallMs: 60_000 })
  return {
    context: { config, db, events: createEvents(), desk, workers: new Workers(), sizes: new TableSizes() },
    async close() {
      await desk.close()
      db.$client.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A person who can't sign in, for tests that are about something else. */
export function addMember({ db }: Context, name: string, team?: Member['team']): Member {
  const user = { id: newId(), name, email: `${name.toLowerCase()}@example.org` }
  const own = team ?? { id: newId(), name: `${name}'s team` }
  insertUser(db, { ...user, passwordHash: 'none' })
  if (team === undefined) insertTeam(db, own)
  insertMembership(db, { teamId: own.id, userId: user.id })
  return { user, team: own }
}

/** Alice owns, Bob is in her team, Charlie is a stranger. */
export function addPeople(context: Context): { alice: Member; bob: Member; charlie: Member } {
  const alice = addMember(context, 'Alice')
  return { alice, bob: addMember(context, 'Bob', alice.team), charlie: addMember(context, 'Charlie') }
}

/** The API of templates and records, as the server mounts it. */
export function apiApp(context: Context): Hono<Env> {
  const api = new Hono<Env>()
  api.use(requireKey(context))
  api.route('/', templatesApi(context))
  api.route('/', recordsApi(context))
  api.all('*', problemForNotFound)
  api.onError(problemForError)
  const app = new Hono<Env>()
  app.use(requestId)
  return app.route('/api', api)
}

/** Asks the API as that member; a string goes as it is, a form as a form, and all else as JSON. */
export function apiClient(context: Context, member: Member) {
  const app = apiApp(context)
  const { key } = createApiKey(context, member, 'test')
  return async (method: string, url: string, body?: unknown) => {
    const raw = body === undefined || body instanceof FormData || typeof body === 'string'
    const headers = { Authorization: `Bearer ${key}` }
    const response = await app.request(`/api${url}`, { method, headers, body: raw ? body : JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
}

/** The refusal that the work ends in. */
export async function refusalOf(work: () => unknown): Promise<Refusal> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('nothing was refused')
}
