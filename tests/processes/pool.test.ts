import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type PoolOptions, ProcessDied, ProcessPool, WorkFailed } from '../../src/processes/pool.ts'
import { BACKGROUND } from '../../src/processes/work-process.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { openStaging } from '../../src/tables/staging.ts'
import { manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { childrenOf, isAlive } from '../support/processes.ts'

const OPTIONS: PoolOptions = { size: 2, memoryBytes: 1024 ** 3, stallMs: 60_000 }

function openPool(options: Partial<PoolOptions> = {}): ProcessPool {
  const pool = new ProcessPool({ ...OPTIONS, ...options })
  onTestFinished(async () => {
    await pool.close()
    expect(childrenOf(process.pid), 'still running after the pool was closed').toEqual([])
  })
  return pool
}

/** A question that takes as long as there are rows. */
function question(rows: number) {
  const file = path.join(tempFolder(), `${rows}.csv`)
  writeFileSync(file, manyItems(rows))
  return { kind: 'columns.propose', path: file, name: 'items.csv', asked: AS_FOUND } as const
}

const LONG = 300_000

async function theOnlyChild(): Promise<number> {
  await expect.poll(() => childrenOf(process.pid).length, { timeout: 20_000 }).toBe(1)
  return childrenOf(process.pid)[0] ?? 0
}

test('a question is answered by another process', async () => {
  const pool = openPool()
  const { proposal } = { proposal: null, ...(await pool.run(question(20))) }
  expect(proposal).toMatchObject({ name: 'Items', rows: 20 })
  expect(childrenOf(process.pid)).toHaveLength(1)
})

test('work in the background gives way to what people wait for, with all its threads', async () => {
  const pool = openPool({ isBackground: true })
  await pool.run(question(20))
  const pid = await theOnlyChild()
  const priorities = readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)))
  expect(new Set(priorities)).toEqual(new Set([BACKGROUND]))
})

test('what the work throws arrives with its message and code, and the process stays', async () => {
  const pool = openPool()
  const staging = path.join(tempFolder(), 'none.db')
  const failure = await pool.run({ kind: 'problems.list', staging, query: { limit: 1 } }).catch((error) => error)
  expect(failure).toBeInstanceOf(WorkFailed)
  expect(failure).toMatchObject({ code: 'SQLITE_CANTOPEN', message: expect.stringMatching(/^problems\.list: ./) })
  const [pid] = childrenOf(process.pid)
  await pool.run(question(20))
  expect(childrenOf(process.pid)).toEqual([pid])
})

test('what Node compiled for a process is kept for the next', async () => {
  const kept = path.resolve(import.meta.dirname, '../../node_modules/.cache/sheetport')
  const pool = openPool()
  await pool.run(question(20))
  await pool.close()
  expect(readdirSync(kept, { recursive: true }).length).toBeGreaterThan(30)
})

test('more work than processes waits in order, and the processes are reused', async () => {
  const pool = openPool({ size: 1 })
  const order: number[] = []
  const asked = [5, 4, 3, 2, 1].map((rows) => pool.run(question(rows)).then(() => order.push(rows)))
  const pid = await theOnlyChild()
  await Promise.all(asked)
  expect(order).toEqual([5, 4, 3, 2, 1])
  expect(childrenOf(process.pid)).toEqual([pid])
})

const QUICK = { kind: 'import.applied', table: '/nowhere/t.db', staging: null, jobId: 'none' } as const

test('slow questions wait for each other, so that a quick one is answered beside them', async () => {
  const pool = openPool()
  const answered: string[] = []
  const slow = [1, 2].map((n) => pool.run(question(30_000)).then(() => answered.push(`slow ${n}`)))
  const quick = [1, 2, 3].map((n) => pool.run(QUICK).then(() => answered.push(`quick ${n}`)))
  await Promise.all([...slow, ...quick])
  expect(answered.at(-1)).toBe('slow 2')
  expect(answered.filter((each) => each.startsWith('quick'))).toEqual(['quick 1', 'quick 2', 'quick 3'])
  expect(answered.indexOf('quick 3')).toBeLessThan(answered.indexOf('slow 2'))
  expect(childrenOf(process.pid)).toHaveLength(2)
})

test('work that is given up ends its process at once, and the next has a new one', async () => {
  const pool = openPool({ size: 1 })
  const giveUp = new AbortController()
  const answer = pool.run(question(LONG), { signal: giveUp.signal }).catch((error) => error)
  const pid = await theOnlyChild()
  giveUp.abort()
  expect(await answer).toMatchObject({ name: 'ProcessDied', death: 'ended' })
  expect(isAlive(pid)).toBe(false)
  await pool.run(question(10))
  expect(childrenOf(process.pid)).not.toContain(pid)
})

test('work that was given up while it waited is never begun', async () => {
  const pool = openPool({ size: 1 })
  const first = pool.run(question(3000))
  const giveUp = new AbortController()
  const second = pool.run(question(10), { signal: giveUp.signal }).catch((error) => error)
  giveUp.abort()
  expect(await second).toBeInstanceOf(ProcessDied)
  expect(await first).toHaveProperty('proposal')
})

test('a process that crashes is told from one that was ended, and the next work has a new one', async () => {
  const pool = openPool({ size: 1 })
  const answer = pool.run(question(LONG)).catch((error) => error)
  process.kill(await theOnlyChild(), 'SIGKILL')
  expect(await answer).toMatchObject({ name: 'ProcessDied', death: 'crashed' })
  await pool.run(question(10))
})

test('an idle process that dies is replaced', async () => {
  const pool = openPool({ size: 1 })
  await pool.run(question(10))
  const pid = await theOnlyChild()
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => childrenOf(process.pid), { timeout: 20_000 }).toEqual([])
  await pool.run(question(10))
  expect(await theOnlyChild()).not.toBe(pid)
})

test('a process that grows above its limit is ended', async () => {
  const pool = openPool({ memoryBytes: 48 * 1024 ** 2 })
  await expect(pool.run(question(LONG))).rejects.toMatchObject({ name: 'ProcessDied', death: 'memory' })
})

test('a process whose heap is full before anybody saw it grow has died of memory, too', async () => {
  const pool = openPool({ memoryBytes: 128 * 1024 ** 2 })
  await pool.run(question(10))
  const pid = await theOnlyChild()
  const staging = stagingWithProblems(1_200_000)
  const answer = pool.run({ kind: 'problems.list', staging, query: { limit: 1_200_000 } }).catch((error) => error)
  await setImmediate()
  // This process is so busy that it looks only when all is over.
  const until = performance.now() + 20_000
  while (isAlive(pid) && performance.now() < until) {}
  expect(await answer).toMatchObject({ name: 'ProcessDied', death: 'memory' })
})

function stagingWithProblems(count: number): string {
  const file = path.join(tempFolder(), 'staging.db')
  const shape = { id: 't', name: 'T', version: 1, columns: [], groupColumnId: null }
  const { staging } = openStaging(file, { sha256: '', shape, reading: AS_FOUND })
  staging.exec(`INSERT INTO meta VALUES ('sheet', 'Sheet1');
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count})
    INSERT INTO problems (n, row, cell, column_id, code, value, message, found)
    SELECT n, n, 'A' || n, 'c', 'not_date', 'x' || n, 'This is no date: ' || n, 'reading' FROM counted`)
  staging.close()
  return file
}

test('a process that gives no sign of life is ended, even one that can not be woken', async () => {
  const pool = openPool({ stallMs: 1500 })
  const answer = pool.run(question(LONG)).catch((error) => error)
  const pid = await theOnlyChild()
  process.kill(pid, 'SIGSTOP')
  expect(await answer).toMatchObject({ name: 'ProcessDied', death: 'stalled' })
  expect(isAlive(pid)).toBe(false)
})

test('a process that can not be started fails the work instead of leaving it hanging', async () => {
  const pool = openPool({ size: 1 })
  const { execPath } = process
  process.execPath = '/nowhere/node'
  try {
    await expect(pool.run(question(10))).rejects.toMatchObject({ name: 'ProcessDied', death: 'unstarted' })
  } finally {
    process.execPath = execPath
  }
  await expect(pool.run(question(10))).resolves.toHaveProperty('proposal')
})

test('closing ends what runs and what waits, and leaves no process behind', async () => {
  const pool = openPool({ size: 1 })
  const answers = [pool.run(question(LONG)), pool.run(question(10))].map((each) => each.catch((error) => error))
  const pid = await theOnlyChild()
  await pool.close()
  expect(isAlive(pid)).toBe(false)
  for (const answer of answers) expect(await answer).toMatchObject({ name: 'ProcessDied', death: 'ended' })
  await expect(pool.run(question(10))).rejects.toBeInstanceOf(ProcessDied)
})

test('processes whose parent was killed exit by themselves, idle or at work', async () => {
  const holder = spawn(process.execPath, [path.join(import.meta.dirname, 'hold-pool.ts')], {
    env: { FILE: question(LONG).path },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  const workers = childrenOf(holder.pid ?? 0).filter((pid) => commandOf(pid).includes('entry.ts'))
  expect(workers).toHaveLength(2)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await expect.poll(() => workers.filter(isAlive), { timeout: 20_000 }).toEqual([])
})

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
}
