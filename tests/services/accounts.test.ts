import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findUserByEmail, setPasswordHash } from '../../src/db/users.ts'
import { ensureOwner, setUpNeeded, setUpOwner } from '../../src/services/accounts.ts'
import { hashPassword, isOutdated } from '../../src/services/passwords.ts'
import { findSession, signOut } from '../../src/services/sessions.ts'
import { createSetupCode, isSetupCode } from '../../src/services/set-up-code.ts'
import { signIn } from '../../src/services/sign-in.ts'
import { addMember, openWorkspace, refusalOf, type Workspace } from '../support/workspace.ts'

let workspace: Workspace

beforeEach(() => {
  workspace = openWorkspace()
})
afterEach(async () => {
  vi.useRealTimers()
  await workspace.close()
})

const ALICE = { name: 'Alice', email: 'alice@example.org', password: 'a good passphrase' }
const address = '192.0.2.7'

function setUp(more: Record<string, string> = {}) {
  const { context } = workspace
  return setUpOwner(context, { code: createSetupCode(context), ...ALICE, ...more })
}

describe('setting up', () => {
  it('makes the holder of the code the owner of a new team and signs them in', async () => {
    const { context } = workspace
    expect(setUpNeeded(context)).toBe(true)
    const session = await setUp({ email: ' Alice@Example.ORG ' })
    expect(setUpNeeded(context)).toBe(false)
    expect(session.member.user).toMatchObject({ name: 'Alice', email: 'alice@example.org' })
    expect(session.member.team.name).toBe("Alice's team")
    expect(findSession(context, session.token)?.member).toEqual(session.member)
  })

  it('names the team as wished', async () => {
    const session = await setUp({ team: 'Warehouse' })
    expect(session.member.team.name).toBe('Warehouse')
  })

  it('is refused without the code, with another and with one that was replaced', async () => {
    const { context } = workspace
    const old = createSetupCode(context)
    const code = createSetupCode(context)
    for (const wrong of [undefined, '', 'x', old, `${code}x`]) {
      const refusal = await refusalOf(() => setUpOwner(context, { ...ALICE, code: wrong }))
      expect(refusal).toMatchObject({ status: 422, code: 'wrong_code' })
    }
    expect(isSetupCode(context, old)).toBe(false)
    expect(isSetupCode(context, code)).toBe(true)
    expect(setUpNeeded(context)).toBe(true)
  })

  it('is refused with a code that is more than an hour old', async () => {
    const { context } = workspace
    vi.useFakeTimers({ toFake: ['performance'] })
    const code = createSetupCode(context)
    vi.advanceTimersByTime(61 * 60_000)
    expect(isSetupCode(context, code)).toBe(false)
    expect(await refusalOf(() => setUpOwner(context, { ...ALICE, code }))).toMatchObject({ code: 'code_expired' })
  })

  it('happens once, also when two try at the same time', async () => {
    const { context } = workspace
    const code = createSetupCode(context)
    const both = await Promise.allSettled([
      setUpOwner(context, { ...ALICE, code }),
      setUpOwner(context, { ...ALICE, email: 'mallory@example.org', code }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await refusalOf(() => setUp())).toMatchObject({ status: 409, code: 'already_set_up' })
  })

  it('says of every field what is wrong with it', async () => {
    const refusal = await refusalOf(() => setUp({ name: ' ', email: 'alice', password: 'short' }))
    expect(refusal.fields).toEqual([
      { path: 'name', message: 'Type your name.' },
      { path: 'email', message: 'Type a whole e-mail address, such as ada@example.org.' },
      { path: 'password', message: 'Use at least 10 characters.' },
    ])
  })

  it('is done by the environment when it names an owner and nobody has an account', async () => {
    const owned = openWorkspace({ OWNER_EMAIL: 'Olga@example.org', OWNER_PASSWORD: 'from the environment' })
    try {
      expect(await ensureOwner(owned.context)).toBe(true)
      expect(await ensureOwner(owned.context)).toBe(false)
      const input = { email: 'olga@example.org', password: 'from the environment' }
      expect((await signIn(owned.context, { ...input, address })).member.team.name).toBe("olga's team")
    } finally {
      await owned.close()
    }
  })
})

describe('signing in', () => {
  const input = { email: 'Alice@example.org', password: ALICE.password }

  it('gives a new token each time and ends the session that the browser had', async () => {
    const { context } = workspace
    const first = await setUp()
    const ended: string[] = []
    context.events.on('session.ended', ({ tokenHash }) => ended.push(tokenHash))
    const firstHash = findSession(context, first.token)?.tokenHash
    const second = await signIn(context, { ...input, address, previousToken: first.token })
    expect(second.token).not.toBe(first.token)
    expect(second.token).toMatch(/^[\w-]{43}$/)
    expect(findSession(context, first.token)).toBeUndefined()
    expect(findSession(context, second.token)?.member.user.email).toBe('alice@example.org')
    expect(ended).toEqual([firstHash])
  })

  it('keeps neither tokens nor passwords readable', async () => {
    const { context } = workspace
    const { token } = await setUp()
    const dump = JSON.stringify([
      context.db.$client.prepare('SELECT * FROM sessions').all(),
      context.db.$client.prepare('SELECT * FROM users').all(),
    ])
    expect(dump).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(dump).not.toContain(token)
    expect(dump).not.toContain(ALICE.password)
  })

  it('answers the same to a wrong password and to an unknown address', async () => {
    const { context } = workspace
    await setUp()
    const wrong = await refusalOf(() => signIn(context, { ...input, password: 'nope', address }))
    const unknown = await refusalOf(() => signIn(context, { ...input, email: 'x@y.org', address }))
    expect(wrong).toMatchObject({ status: 422, code: 'wrong_credentials' })
    expect(unknown).toEqual(wrong)
  })

  it('is slowed down after five failures, for that account from that address only', async () => {
    const { context } = workspace
    await setUp()
    const bad = { ...input, password: 'nope', address }
    for (let tries = 0; tries < 6; tries++) await refusalOf(() => signIn(context, bad))
    expect(await refusalOf(() => signIn(context, { ...input, address }))).toMatchObject({
      status: 429,
      code: 'too_many_failures',
    })
    expect((await signIn(context, { ...input, address: '198.51.100.1' })).member.user.name).toBe('Alice')
  })

  it('lets a flood wait in a small room and turns the rest away at once', async () => {
    const { context } = workspace
    await setUp()
    await signIn(context, { ...input, address })
    const tries = Array.from({ length: 60 }, (_, index) =>
      refusalOf(() => signIn(context, { ...input, password: 'nope', address: `10.0.0.${index}` })),
    )
    const codes = (await Promise.all(tries)).map(({ code }) => code)
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(22)
    expect(codes.filter((code) => code === 'busy')).toHaveLength(38)
    expect((await signIn(context, { ...input, address })).member.user.name).toBe('Alice')
  })

  it('brings a hash that was made at a lower cost up to the present one', async () => {
    const { context } = workspace
    await setUp()
    const { id } = findUserByEmail(context.db, ALICE.email) ?? { id: '' }
    const { hash } = await import('@node-rs/argon2')
    const weak = await hash(ALICE.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    expect(isOutdated(weak)).toBe(true)
    setPasswordHash(context.db, id, weak)
    await signIn(context, { ...input, address })
    const now = findUserByEmail(context.db, ALICE.email)?.passwordHash ?? ''
    expect(isOutdated(now)).toBe(false)
    expect(isOutdated(await hashPassword('x'))).toBe(false)
  })
})

describe('a session', () => {
  it('ends with signing out, and says so', async () => {
    const { context } = workspace
    const { token } = await setUp()
    const session = findSession(context, token)
    const ended: string[] = []
    context.events.on('session.ended', ({ tokenHash }) => ended.push(tokenHash))
    signOut(context, session?.tokenHash ?? '')
    signOut(context, session?.tokenHash ?? '')
    expect(findSession(context, token)).toBeUndefined()
    expect(ended).toEqual([session?.tokenHash])
  })

  it('goes on while it is used and ends after 30 days without', async () => {
    const { context } = workspace
    const day = 24 * 60 * 60_000
    const { token } = await setUp()
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start + 20 * day })
    expect(findSession(context, token)).toBeDefined()
    vi.setSystemTime(start + 45 * day)
    expect(findSession(context, token)).toBeDefined()
    vi.setSystemTime(start + 76 * day)
    expect(findSession(context, token)).toBeUndefined()
  })

  it('is nothing any more when its person left the team', async () => {
    const { context } = workspace
    const { token, member } = await setUp()
    addMember(context, 'Bob', member.team)
    context.db.$client.prepare('DELETE FROM memberships WHERE user_id = ?').run(member.user.id)
    expect(findSession(context, token)).toBeUndefined()
  })
})
