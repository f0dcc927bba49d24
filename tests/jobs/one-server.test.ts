import { expect, onTestFinished, test } from 'vitest'
import { folderForFile, ServerProcess } from './server-process.ts'

const folder = folderForFile()

/** So many are started at the same moment. */
const AT_ONCE = 4

async function race(): Promise<{ running: ServerProcess[]; others: string[] }> {
  const starts = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => ServerProcess.start(folder)))
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  onTestFinished(async () => {
    for (const server of running) await server.kill()
  })
  const others = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []))
  return { running, others }
}

test('of servers that start at once on one folder one runs, the others end and name it, also after a crash', async () => {
  for (const folderIs of ['new', 'left by a server that was killed']) {
    const { running, others } = await race()
    expect(running, folderIs).toHaveLength(1)
    const holder = new RegExp(`ended with 1: [^]*in use by another Sheetport \\(process ${running[0]?.pid} on `)
    expect(others, folderIs).toEqual(Array.from({ length: AT_ONCE - 1 }, () => expect.stringMatching(holder)))
    await running[0]?.kill()
  }
})
