import { setTimeout as pause } from 'node:timers/promises'
import type { RunningServer } from './running-server.ts'

const BETWEEN_MS = 10

/** Asks for one page after the other until it is told to stop; answers how long each took, to its last byte. */
export async function clickPages(
  { url, cookie }: RunningServer,
  { paths, until }: { paths: string[]; until: () => boolean },
): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; !until(); n++) {
    const path = paths[n % paths.length] ?? '/'
    const asked = performance.now()
    const answer = await fetch(url + path, { headers: { Cookie: cookie } })
    await answer.text()
    times.push(performance.now() - asked)
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}.`)
    await pause(BETWEEN_MS)
  }
  return times
}
