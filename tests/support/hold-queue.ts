import { expect } from 'vitest'
import type { Api } from './api.ts'
import { ITEMS, manyItems } from './examples.ts'

/** More than is imported while a test looks at what waits for it. */
const MANY = 400_000

/**
 * Keeps a job process busy with somebody else's large import, so that whatever comes next waits where there is only one
 * (`JOB_CONCURRENCY=1`). `letGo` cancels it.
 */
export async function holdQueue(api: Api): Promise<{ letGo(): Promise<void> }> {
  const template = await api.createTemplate({ ...ITEMS, name: 'A long list' })
  const job = await api.startImport(template.id, { name: 'long-list.csv', text: manyItems(MANY) })
  await expect.poll(async () => (await api.job(job.id)).status).toBe('processing')
  return {
    async letGo() {
      await api.ask('POST', `/api/jobs/${job.id}/cancel`)
      expect((await api.settled(job)).status, 'the long import was to last longer than the test').toBe('cancelled')
    },
  }
}
