import { ProcessPool } from '../../src/processes/pool.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'

/** A program with one process at work and one idle, to be killed by a test. */
const pool = new ProcessPool({ size: 2, memoryBytes: 1024 ** 3, stallMs: 60_000 })
const long = { kind: 'columns.propose', path: process.env.FILE ?? '', name: 'long.csv', asked: AS_FOUND } as const
void pool.run(long)
await pool.run({ kind: 'import.applied', table: '/nowhere', staging: null, jobId: 'none' })
console.log('one at work, one idle')
