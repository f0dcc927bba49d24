import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refusal } from '../../src/services/context.ts'
import { signIn } from '../../src/services/sign-in.ts'
import { runServer } from '../support/running-server.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

let workspace: Workspace

beforeEach(() => {
  workspace = openWorkspace()
})

afterEach(() => workspace.close())

test('of two hundred sign-ins at once two are checked, twenty wait, and the others are refused at once', async () => {
  const tries = Array.from({ length: 200 }, (_, n) =>
    signIn(workspace.context, { email: `nobody${n}@example.org`, password: 'guess', address: `10.0.${n}.1` }).then(
      () => 'signed in',
      (error) => (error instanceof Refusal ? error.code : String(error)),
    ),
  )
  const ends = await Promise.all(tries)
  expect(ends.filter((end) => end === 'busy')).toHaveLength(178)
  expect(ends.filter((end) => end === 'wrong_credentials')).toHaveLength(22)
})

test('pages are answered while a flood of sign-ins goes on', async () => {
  const { url } = await runServer()
  const body = new URLSearchParams({ email: 'nobody@example.org', password: 'guess' })
  const flood = Array.from({ length: 200 }, () =>
    fetch(`${url}/sign-in`, { method: 'POST', headers: { Origin: url }, body, redirect: 'manual' }),
  )
  let going = true
  const over = Promise.all(flood).then((answers) => {
    going = false
    return answers.map(({ status }) => status)
  })
  const lasted: number[] = []
  while (going) {
    const asked = performance.now()
    expect((await fetch(`${url}/sign-in`)).status).toBe(200)
    lasted.push(performance.now() - asked)
  }
  expect([...new Set(await over)].sort()).toEqual([422, 429])
  console.log(`${lasted.length} pages during 200 sign-ins, the slowest after ${Math.round(Math.max(...lasted))} ms`)
  expect(Math.max(...lasted)).toBeLessThan(5000)
})
