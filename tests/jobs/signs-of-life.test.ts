import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { findJobById } from '../../src/db/jobs.ts'
import type { Context } from '../../src/services/context.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { viewJob } from '../../src/services/job-views.ts'
import { JobCard } from '../../src/views/job-card.tsx'
import { renderFragment } from '../../src/views/render.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import {
  baseTemplate,
  CATCHING,
  reach,
  stagingOf,
  startChanges,
  tooLate,
  whileItRests,
  whileJobsRest,
} from './disturbed-import.ts'

type Server = Awaited<ReturnType<typeof runServer>>

/** The card as it would be shown now. */
function card(context: Context, job: { id: string }): string {
  const row = findJobById(context.db, job.id)
  if (row === undefined) throw new Error(`there is no job ${job.id}`)
  return renderFragment(JobCard({ view: viewJob(context, row) }))
}

test('when no process can be started, the card says so in words, and the job is done as soon as one can', async () => {
  const { api, context } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await api.createTemplate(ITEMS)
  const { execPath } = process
  process.execPath = '/nowhere/node'
  try {
    const job = await api.startImport(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
    const behind = await api.startImport(template.id, { name: 'b.csv', text: itemsCsv([['2', 'B']]) })
    await expect.poll(() => card(context, job)).toContain('It waits because no worker is running')
    expect(card(context, behind)).toContain('It waits because no worker is running')
    process.execPath = execPath
    expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 1 } })
    expect((await api.settled(behind)).status).toBe('completed')
    expect(card(context, behind)).not.toContain('no worker')
  } finally {
    process.execPath = execPath
  }
})

test(
  'the card of a job whose process is silent says for how long, and pushes it; one that is heard says nothing',
  CATCHING,
  async () => {
    const { api, context, folder } = await runServer({ JOB_CONCURRENCY: '1' })
    const template = await api.createTemplate(ITEMS)
    const job = await api.startImport(template.id, { name: 'huge.csv', text: manyItems(400_000) })
    const { heartbeat_at: begun } = await reach(api, job, 'reading')
    const heard = async () => Date.parse((await api.job(job.id)).heartbeat_at ?? '')
    await expect.poll(heard).toBeGreaterThan(Date.parse(begun ?? ''))
    expect(card(context, job)).not.toContain('sign of life')
    // It rests most of the time, so that it lasts until as much is known as it takes to foretell its end.
    const slowly = () => whileItRests(job, () => pause(100))
    await expect.poll(() => slowly().then(() => card(context, job))).toMatch(/ left · .* rows\/s/)
    const [pid = 0] = processesOn(process.pid, stagingOf(folder, job))
    process.kill(pid, 'SIGSTOP')
    let pushes = 0
    context.events.on('job.changed', ({ jobId }) => {
      if (jobId === job.id) pushes += 1
    })
    await expect.poll(() => card(context, job), { timeout: 20_000 }).toMatch(/Last sign of life \d+ s ago\./)
    expect(card(context, job)).not.toMatch(/ left|rows\/s/)
    expect(pushes).toBeGreaterThan(0)
    process.kill(pid, 'SIGCONT')
    await expect.poll(() => card(context, job)).not.toContain('sign of life')
    // By now it may be over.
    await api.request('POST', `/api/jobs/${job.id}/cancel`)
    await api.settled(job)
    // Nothing is remembered of a process that has done its work.
    await pause(0)
    expect(context.workers.silentMs(job.id)).toBeNull()
  },
)

/** Ends the process of a job, as a crash does; answers every card that was shown until the job had ended. */
async function cardsAfterCrash({ api, context, folder }: Server, job: JobObject): Promise<string[]> {
  const [pid = 0] = processesOn(process.pid, stagingOf(folder, job))
  tooLate(pid === 0)
  const cards: string[] = []
  context.events.on('job.changed', ({ jobId }) => {
    if (jobId === job.id) cards.push(card(context, job))
  })
  process.kill(pid, 'SIGKILL')
  expect((await api.settled(job)).status).toBe('completed')
  return cards
}

test('the card of an import whose process died says that it goes on, and which attempt that is', CATCHING, async () => {
  const server = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await baseTemplate(server.api, 'Items')
  const job = await startChanges(server.api, template.id)
  await reach(server.api, job, 'reading')
  const cards = await cardsAfterCrash(server, job)
  expect(cards.join()).toContain('Interrupted, resuming (attempt 2 of 3). Next in the queue')
})

test('also the card of an import that a person had approved says that it was interrupted', CATCHING, async () => {
  const server = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await baseTemplate(server.api, 'Items')
  const job = await startChanges(server.api, template.id, { on_problems: 'review' })
  await reach(server.api, job, 'review')
  await whileJobsRest(() => server.api.ask('POST', `/api/jobs/${job.id}/approve`))
  await reach(server.api, job, 'applying')
  const cards = await cardsAfterCrash(server, job)
  expect(cards.join()).toContain('Interrupted, resuming. Next in the queue')
})
