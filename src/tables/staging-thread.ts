import { parentPort, workerData } from 'node:worker_threads'
import { openStagingBeside } from './staging.ts'
import { type StagedBatch, StagingInsert } from './staging-insert.ts'

/**
 * Writes the rows of a large file while they are still being read and checked: inserting takes as long as reading does,
 * and there is a second core. Every batch is answered with its number, so that the reader knows how far behind this is;
 * `null` says that there is none left.
 */
export type ThreadData = { file: string; columnIds: string[] }
export type ToThread = { number: number; batch: StagedBatch } | null

const { file, columnIds } = workerData as ThreadData
const staging = openStagingBeside(file)
const insert = new StagingInsert(staging, columnIds)

parentPort?.on('message', (message: ToThread) => {
  if (message !== null) {
    insert.write(message.batch)
    parentPort?.postMessage(message.number)
    return
  }
  insert.end()
  staging.close()
  parentPort?.close()
})
