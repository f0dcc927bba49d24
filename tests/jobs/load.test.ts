import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { writeInventory, writeTroop } from '../../bench/generate-examples.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { exampleTemplate } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { ServerProcess, signIn } from './server-process.ts'

async function start(): Promise<ServerProcess> {
  const server = await ServerProcess.start(tempFolder())
  onTestFinished(() => server.kill())
  return server
}

/** Follows a job to its end, and asks for pages all the while; answers what was seen and how long the pages took. */
async function follow(server: ServerProcess, job: JobObject): Promise<{ seen: JobObject[]; pages: number[] }> {
  const headers = { Cookie: await signIn(server) }
  const paths = ['/templates', `/templates/${job.template_id}`, '/jobs', `/templates/${job.template_id}/records`, '/up']
  const seen: JobObject[] = []
  const pages: number[] = []
  let running = true
  const clicks = async () => {
    for (let n = 0; running; n++) {
      const asked = performance.now()
      const answer = await fetch(`${server.url}${paths[n % paths.length]}`, { headers })
      await answer.text()
      pages.push(performance.now() - asked)
      expect(answer.status).toBe(200)
      await pause(10)
    }
  }
  const watch = async () => {
    while (seen.at(-1)?.status !== 'completed') {
      seen.push(await server.api.job(job.id))
      expect(seen.at(-1)?.status).toMatch(/pending|processing|completed/)
    }
    running = false
  }
  await Promise.all([
    clicks(),
    watch().finally(() => {
      running = false
    }),
  ])
  return { seen, pages }
}

function expectLive(what: string, { seen, pages }: { seen: JobObject[]; pages: number[] }): void {
  const percents = seen.flatMap(({ status, progress }) => (status === 'processing' ? [progress.percent ?? 0] : []))
  expect(percents).toEqual([...percents].sort((a, b) => a - b))
  expect(new Set(percents).size).toBeGreaterThan(3)
  const phases = new Set(seen.map(({ phase }) => phase))
  expect(phases).toContain('reading')
  const sorted = pages.sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  const took = seen.at(-1)?.progress.elapsed_ms
  console.log(
    `${what}: ${took} ms, ${new Set(percents).size} percents; ${pages.length} pages meanwhile, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`,
  )
  expect(pages.length).toBeGreaterThan(5)
  expect(at(1)).toBeLessThan(2000)
}

test('40,000 inventory items come in with live progress, and pages answer meanwhile', async () => {
  const server = await start()
  const template = await server.api.createTemplate(exampleTemplate('inventory'))
  const file = path.join(tempFolder(), 'inventory.xlsx')
  writeInventory(file, 40_000)
  const followed = await follow(server, await server.api.startImport(template.id, file))
  expect(followed.seen.at(-1)?.counts).toMatchObject({ read: 40_000, created: 40_000, problems: 0 })
  expectLive('40,000 items', followed)
  expect((await server.api.template(template.id)).records).toBe(40_000)
})

test('90,000 advancements of a troop come in with progress by scout, and pages answer meanwhile', async () => {
  const server = await start()
  const template = await server.api.createTemplate(exampleTemplate('troop-advancement'))
  const file = path.join(tempFolder(), 'troop.csv')
  writeTroop(file, 90_000, 150)
  const followed = await follow(server, await server.api.startImport(template.id, file))
  expect(followed.seen.at(-1)?.counts).toMatchObject({ read: 90_000, created: 90_000, problems: 0 })
  expectLive('90,000 advancements', followed)
  const groups = followed.seen.filter(({ phase }) => phase === 'applying' || phase === 'comparing')
  const total = groups.at(-1)?.progress.groups_total
  expect(total).toBe(90_000 / 150)
  const done = followed.seen.map(({ progress }) => progress.groups_done)
  expect(Math.max(...done)).toBe(total)
  expect(followed.seen.some(({ progress }) => progress.groups_done > 0 && progress.groups_done < 600)).toBe(true)
})
