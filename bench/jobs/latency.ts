import { type Figure, ms, percentile, until } from './figures.ts'
import { JobsWatch } from './jobs-watch.ts'
import { ServerProcess } from './server-process.ts'
import { addBacklog, prepareFolder, upload } from './tiny-imports.ts'

const WARM_UP = 10
const WAITING = 1000

/** One upload after another: from the job's row to its claim, when nothing else is to be done. */
export async function measureStart(root: string, samples: number): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  const watch = new JobsWatch(prepared.folder)
  const server = await ServerProcess.start(root)
  try {
    const ids: string[] = []
    for (let n = 0; n < WARM_UP + samples; n++) {
      ids.push(await upload(prepared, server.url, n))
      await until(() => watch.finished === n + 1, { everyMs: 2, withinMs: 30_000 })
    }
    const delays = watch.startDelays(ids.slice(WARM_UP))
    const p99 = percentile(delays, 0.99)
    return [
      { what: 'from enqueue to start when idle, p50', value: ms(percentile(delays, 0.5)) },
      { what: 'from enqueue to start when idle, p99', value: ms(p99), goal: '< 100 ms', met: p99 < 100 },
    ]
  } finally {
    watch.close()
    await server.stop()
  }
}

/** Killed while it works and a thousand jobs wait: from the start of the new process to the first job taken up, and done. */
export async function measureRecovery(root: string, rounds: number): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  const watch = new JobsWatch(prepared.folder)
  const [claimed, done]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    addBacklog(prepared, WAITING + 10 - watch.waiting, { from: round * 2 * WAITING })
    const first = await ServerProcess.start(root)
    const goal = watch.finished + 10
    await until(() => watch.finished >= goal, { everyMs: 2, withinMs: 60_000 })
    await first.kill()
    const [attempts, finished] = [watch.attempts, watch.finished]
    const begun = performance.now()
    const starting = ServerProcess.start(root)
    await until(() => watch.attempts > attempts, { everyMs: 1, withinMs: 60_000 })
    claimed.push(performance.now() - begun)
    await until(() => watch.finished > finished, { everyMs: 1, withinMs: 60_000 })
    done.push(performance.now() - begun)
    await (await starting).kill()
  }
  watch.close()
  const worst = Math.max(...claimed)
  return [
    {
      what: `from a killed server to the first job taken up, ${WAITING.toLocaleString('en')} waiting, worst of ${rounds}`,
      value: ms(worst),
      goal: '< 2 s',
      met: worst < 2000,
    },
    { what: 'and to the first job done, worst', value: ms(Math.max(...done)) },
  ]
}
