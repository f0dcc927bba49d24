import { statSync } from 'node:fs'
import { type Figure, ms, until } from './figures.ts'
import { JobsWatch } from './jobs-watch.ts'
import { ServerProcess, type Use, useOf } from './server-process.ts'
import { addBacklog, prepareFolder, upload } from './tiny-imports.ts'

const GOAL = 100
const WARM_UP = 100
/**
 * What is used in the first, middle and last so many jobs is compared: tables are kept open for a moment, now more, now
 * fewer. The middle tells a process that fills its caches from one that loses memory.
 */
const COMPARED = 300
const AT_ONCE = 4

/** Jobs that wait when the server starts: claim → job process → finish, and what is left in memory after very many. */
export async function measureBacklog(root: string, jobs: number): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  addBacklog(prepared, jobs)
  const watch = new JobsWatch(prepared.folder)
  const server = await ServerProcess.start(root)
  const log = watchSize(`${prepared.folder.appDb}-wal`)
  try {
    const early = await peakUntil(() => watch.finished >= COMPARED, server)
    const atFirst = watch.finished
    const peakFrom = async (from: number) => {
      await until(() => watch.finished >= from, { everyMs: 200, withinMs: 1_800_000 })
      return peakUntil(() => watch.finished >= from + COMPARED, server)
    }
    const middle = await peakFrom(Math.round((jobs - COMPARED) / 2))
    const late = await peakFrom(jobs - COMPARED)
    const perSecond = (jobs / watch.spanMs) * 1000
    const perJob = (from: Use, to: Use) => ms((to.cpuMs - from.cpuMs) / (jobs - atFirst))
    return [
      {
        what: `tiny imports a second, ${jobs.toLocaleString('en')} that waited`,
        ...atLeast(perSecond, GOAL),
      },
      {
        what: 'processor time for each of them: server, job processes',
        value: `${perJob(early.server, late.server)}, ${perJob(early.processes, late.processes)}`,
      },
      growth('server', { early: early.server, middle: middle.server, late: late.server, jobs }),
      growth('job processes', { early: early.processes, middle: middle.processes, late: late.processes, jobs }),
      {
        what: 'most that the write-ahead log of app.db took meanwhile',
        value: `${log.mostMb.toFixed(1)} MB`,
        goal: '≤ 128 MB',
        met: log.mostMb <= 128,
      },
    ]
  } finally {
    log.stop()
    watch.close()
    await server.stop()
  }
}

/** How large a file is at most, looked at ten times a second. */
function watchSize(file: string): { readonly mostMb: number; stop(): void } {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, statSync(file, { throwIfNoEntry: false })?.size ?? 0)
  }, 100)
  return {
    get mostMb() {
      return most / 1024 / 1024
    },
    stop: () => clearInterval(timer),
  }
}

type Growth = { early: Use; middle: Use; late: Use; jobs: number }
type Uses = ReturnType<typeof useOf>

/** The most that was used at any time until the condition holds. */
async function peakUntil(holds: () => boolean, server: ServerProcess): Promise<Uses> {
  let peak = useOf(server)
  const look = () => {
    const now = useOf(server)
    peak = { server: most(peak.server, now.server), processes: most(peak.processes, now.processes) }
    return holds()
  }
  await until(look, { everyMs: 20, withinMs: 120_000 })
  return peak
}

function most(a: Use, b: Use): Use {
  return {
    residentMb: Math.max(a.residentMb, b.residentMb),
    openFiles: Math.max(a.openFiles, b.openFiles),
    cpuMs: Math.max(a.cpuMs, b.cpuMs),
  }
}

/** The same from outside: uploads over HTTP, several at once, until the last is imported. */
export async function measureEndToEnd(root: string, jobs: number): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  const watch = new JobsWatch(prepared.folder)
  const server = await ServerProcess.start(root)
  try {
    await uploadAll(server.url, { from: 0, to: WARM_UP })
    await until(() => watch.finished === WARM_UP, { everyMs: 5, withinMs: 60_000 })
    const begun = performance.now()
    await uploadAll(server.url, { from: WARM_UP, to: WARM_UP + jobs })
    await until(() => watch.finished === WARM_UP + jobs, { everyMs: 2, withinMs: 120_000 })
    const perSecond = (jobs / (performance.now() - begun)) * 1000
    return [{ what: 'tiny imports a second, from upload to end', ...atLeast(perSecond, GOAL) }]
  } finally {
    watch.close()
    await server.stop()
  }

  async function uploadAll(url: string, { from, to }: { from: number; to: number }): Promise<void> {
    let next = from
    const sender = async () => {
      while (next < to) await upload(prepared, url, next++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sender))
  }
}

function atLeast(perSecond: number, goal: number): Omit<Figure, 'what'> {
  return { value: perSecond.toFixed(0), goal: `≥ ${goal}`, met: perSecond >= goal }
}

/**
 * What rises from the first to the middle is caches that fill. From there to the last a tenth is no leak, since V8 lets
 * its heap grow before it collects.
 */
function growth(what: string, { early, middle, late, jobs }: Growth): Figure {
  const uses = [early, middle, late]
  const value = `${uses.map(({ residentMb }) => residentMb.toFixed(0)).join(' → ')} MB, ${early.openFiles} → ${late.openFiles} files`
  return {
    what: `${what}: most memory and open files in the first, middle and last ${COMPARED} of ${jobs.toLocaleString('en')} jobs`,
    value,
    goal: 'no growth',
    met: late.residentMb < middle.residentMb * 1.1 && late.openFiles <= early.openFiles + 20,
  }
}
