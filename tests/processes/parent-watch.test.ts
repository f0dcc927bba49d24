import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '../support/processes.ts'

const PROGRAM = path.join(import.meta.dirname, 'parent-of-a-loop.ts')
const WAYS = existsSync('/usr/bin/setpriv') ? ['kernel', 'thread'] : ['thread']

test.each(WAYS)('a process that loops for ever ends with its parent, by the %s', async (way) => {
  const parent = spawn(process.execPath, [PROGRAM, way], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(parent.stdout, 'data')
  const [pid, by] = String(said).trim().split(' ')
  expect(by).toBe(way)
  expect(isAlive(Number(pid))).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false)
})
