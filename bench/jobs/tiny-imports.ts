import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type DataFolder, dataFolder } from '../../src/config.ts'
import { insertJob } from '../../src/db/jobs.ts'
import { connectDb, type Db } from '../../src/db/open.ts'
import { listTeamsOfUser } from '../../src/db/teams.ts'
import { findUserByEmail } from '../../src/db/users.ts'
import { newId } from '../../src/ids.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { Member } from '../../src/services/context.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { OWNER, ServerProcess } from './server-process.ts'

/** Small imports of new rows, spread over a few templates: what a job costs, whatever its file costs. */

const ROWS = 100
const TEMPLATES = 10

const TEMPLATE = {
  key: ['SKU'],
  columns: [
    { name: 'SKU', type: 'text', required: true },
    { name: 'Name', type: 'text' },
    { name: 'Price', type: 'number' },
    { name: 'Counted', type: 'date', date_order: 'dmy' },
  ],
}

/** A data folder with an owner and empty templates, on which no server runs. */
export type Prepared = { folder: DataFolder; member: Member; templates: string[]; key: string }

export async function prepareFolder(root: string): Promise<Prepared> {
  const folder = dataFolder(root)
  const server = await ServerProcess.start(root)
  try {
    const { member, key } = withDb(folder, (db) => {
      const found = ownerOf(db)
      return { member: found, key: createApiKey({ db }, found, 'bench').key }
    })
    const templates: string[] = []
    for (let n = 1; n <= TEMPLATES; n++) {
      const made = await postJson(`${server.url}/api/templates`, key, { ...TEMPLATE, name: `Items ${n}` })
      templates.push(made.id)
    }
    return { folder, member, templates, key }
  } finally {
    await server.stop()
  }
}

export function withDb<T>(folder: DataFolder, work: (db: Db) => T): T {
  const db = connectDb(folder.appDb)
  try {
    return work(db)
  } finally {
    db.$client.close()
  }
}

function ownerOf(db: Db): Member {
  const user = findUserByEmail(db, OWNER.email)
  const [team] = user === undefined ? [] : listTeamsOfUser(db, user.id)
  if (user === undefined || team === undefined) throw new Error('the server has made no owner')
  return { user: { id: user.id, name: user.name, email: user.email }, team: { id: team.id, name: team.name } }
}

/** The n-th file: rows that no other file of this size has. */
export function tinyFile(n: number, rows = ROWS): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const sku = String(n * rows + row).padStart(9, '0')
    return `${sku},Item ${sku},${((n * 7 + row) % 1000) / 4},28/02/2024`
  })
  return `SKU,Name,Price,Counted\n${lines.join('\n')}\n`
}

/** Jobs that wait for the server to be started, with their uploads, as a server that was stopped leaves them. */
export function addBacklog(prepared: Prepared, count: number, { from = 0 } = {}): void {
  const files = Array.from({ length: count }, (_, n) => tinyFile(from + n))
  addImports(prepared, files, (n) => prepared.templates[n % prepared.templates.length] ?? '')
}

/** Imports of these files, in this order. Answers the jobs. */
export function addImports({ folder, member }: Prepared, files: string[], templateOf: (n: number) => string): string[] {
  return withDb(folder, (db) =>
    db.transaction(() =>
      files.map((bytes, n) => {
        const id = newId()
        mkdirSync(folder.upload(id))
        writeFileSync(path.join(folder.upload(id), 'original'), bytes)
        insertJob(db, {
          id,
          teamId: member.team.id,
          templateId: templateOf(n),
          createdBy: member.user.id,
          kind: 'import',
          input: {
            ...{ kind: 'import', mode: 'update', onProblems: 'review' },
            ...{ reading: AS_FOUND, dryRun: false, force: false },
          },
          fileName: `items-${n}.csv`,
          fileSize: bytes.length,
          fileSha256: createHash('sha256').update(bytes).digest('hex'),
        })
        return id
      }),
    ),
  )
}

export async function upload({ templates, key }: Prepared, url: string, n: number): Promise<string> {
  const form = new FormData()
  form.set('file', new Blob([tinyFile(n)]), `items-${n}.csv`)
  const response = await fetch(`${url}/api/templates/${templates[n % templates.length]}/imports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
    body: form,
  })
  if (response.status !== 202) throw new Error(`the upload was answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

async function postJson(url: string, key: string, body: object): Promise<{ id: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (response.status !== 201) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as { id: string }
}
