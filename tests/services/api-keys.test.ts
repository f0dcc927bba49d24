import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApiKey, findKeyOwner, listApiKeys, revokeApiKey } from '../../src/services/api-keys.ts'
import type { Member } from '../../src/services/context.ts'
import { addPeople, openWorkspace, refusalOf, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let people: { alice: Member; bob: Member; charlie: Member }

beforeEach(() => {
  workspace = openWorkspace()
  people = addPeople(workspace.context)
})
afterEach(() => workspace.close())

describe('an API key', () => {
  it('speaks for its owner and is shown once', () => {
    const { context } = workspace
    const { key } = createApiKey(context, people.alice, ' Nightly sync ')
    expect(key).toMatch(/^sp_[\w-]{43}$/)
    expect(findKeyOwner(context, key)).toEqual(people.alice)
    const [listed] = listApiKeys(context, people.alice)
    expect(listed).toMatchObject({ name: 'Nightly sync', prefix: key.slice(0, 8) })
    expect(listed?.lastUsedAt).toMatch(/Z$/)
    expect(JSON.stringify(context.db.$client.prepare('SELECT * FROM api_keys').all())).not.toContain(key)
  })

  it('is nothing once it is revoked', () => {
    const { context } = workspace
    const { key, id } = createApiKey(context, people.alice, 'a')
    revokeApiKey(context, people.alice, id)
    expect(findKeyOwner(context, key)).toBeUndefined()
    expect(listApiKeys(context, people.alice)).toEqual([])
  })

  it('can be seen and revoked by nobody else', async () => {
    const { context } = workspace
    const { key, id } = createApiKey(context, people.alice, 'a')
    for (const other of [people.bob, people.charlie]) {
      expect(listApiKeys(context, other)).toEqual([])
      expect(await refusalOf(() => revokeApiKey(context, other, id))).toMatchObject({ status: 404 })
    }
    expect(findKeyOwner(context, key)).toBeDefined()
  })

  it('needs a name', async () => {
    const refusal = await refusalOf(() => createApiKey(workspace.context, people.alice, '  '))
    expect(refusal.fields).toMatchObject([{ path: 'name' }])
  })

  it.each(['', 'sp_', 'sp_short', `sp_${'A'.repeat(43)}`, "' OR 1=1 --"])('is not %j', (key) => {
    expect(findKeyOwner(workspace.context, key)).toBeUndefined()
  })
})

describe('npm run key', () => {
  const script = fileURLToPath(new URL('../../src/make-key.ts', import.meta.url))
  const run = (args: string[], folder = workspace.context.config.data.root) =>
    spawnSync(process.execPath, [script, ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: folder },
      encoding: 'utf8',
    })

  it('prints a key that works, while the database is open elsewhere', () => {
    const { stdout, stderr, status } = run(['Alice@example.org'])
    expect(stderr).toContain("A key of Alice to Alice's team")
    expect(status).toBe(0)
    expect(findKeyOwner(workspace.context, stdout.trim())).toEqual(people.alice)
  })

  it('says what is missing', () => {
    expect(run([])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('npm run key -- ada@') })
    expect(run(['nobody@example.org'])).toMatchObject({
      status: 2,
      stderr: 'Nobody here has the e-mail address nobody@example.org.\n',
    })
    expect(run(['alice@example.org'], '/nowhere/at/all')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('There is nothing in /nowhere/at/all yet'),
    })
  })
})
