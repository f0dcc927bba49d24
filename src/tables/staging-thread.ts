import { parentPort, workerData } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { type PackedValues, unpackValues } from './packed-values.ts'
import { openStagingBeside } from './staging.ts'
import { type StagedBatch, StagingInsert } from './staging-insert.ts'

/**
 * Writes the rows of a large file while they are still being read and checked: inserting takes as long as reading does,
 * and there is a second core. It says when it is ready; then every batch is answered with its number, so that the reader
 * knows how far behind this is. `null` says that there is none left.
 */
export type ThreadData = { file: string; columnIds: string[] }
export type ToThread = { number: number; batch: PackedBatch } | null
type PackedBatch = Omit<StagedBatch, 'rows'> & { rows: PackedValues }
export type FromThread = 'ready' | number

const { file, columnIds } = workerData as ThreadData
let staging: Database | undefined
let insert: StagingInsert | undefined

parentPort?.on('message', (message: ToThread) => {
  if (message === null) {
    insert?.end()
    staging?.close()
    parentPort?.close()
    return
  }
  staging ??= openStagingBeside(file)
  insert ??= new StagingInsert(staging, columnIds)
  const { batch, number } = message
  insert.write({ ...batch, rows: unpackValues(batch.rows) })
  tell(number)
})
tell('ready')

function tell(message: FromThread): void {
  parentPort?.postMessage(message)
}
