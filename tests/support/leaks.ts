import { readdirSync, readlinkSync } from 'node:fs'
import { afterAll, expect, vi } from 'vitest'

/** Resources of Node that keep a process alive; what the test runner itself holds is there before the first test. */
const COUNTED = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'FSEventWrap']

const before = held()

// A test that leaves something open makes others fail at random, and shows what the server would leave open.
afterAll(async () => {
  await vi.waitFor(() => expect(more(held(), before), 'left open by these tests').toEqual([]), { timeout: 10_000 })
})

function held(): string[] {
  return [...process.getActiveResourcesInfo().filter((name) => COUNTED.includes(name)), ...openDatabases()]
}

/** SQLite files that are still open, where the system shows them. */
function openDatabases(): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        const target = readlinkSync(`/proc/self/fd/${fd}`)
        return /\.db(-wal|-shm)?$/.test(target) ? [target] : []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

function more(now: string[], then: string[]): string[] {
  const rest = [...then]
  return now.filter((name) => {
    const at = rest.indexOf(name)
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
}
