import { expect, onTestFinished, test } from 'vitest'
import { openSession } from '../../src/services/sessions.ts'
import { ITEMS } from '../support/examples.ts'
import { processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import { baseTemplate, CATCHING, reach, stagingOf, startChanges, tooLate } from './disturbed-import.ts'

/** Longer than any page may take, and less than a lock is waited for. */
const SOON_MS = 1500

test(
  'while an import holds its table, pages and small writes answer, and a change by hand is refused with the reason',
  CATCHING,
  async () => {
    const { api, context, folder, member, url } = await runServer({ JOB_CONCURRENCY: '1' })
    const other = await api.createTemplate({ ...ITEMS, name: 'Other' })
    const template = await baseTemplate(api, 'Held')
    const [record] = await api.records(template.id)
    const job = await startChanges(api, template.id)
    await reach(api, job, 'applying')
    const [worker = 0] = processesOn(process.pid, stagingOf(folder, job))
    tooLate(worker === 0)
    // It stands still in the middle of its transaction.
    process.kill(worker, 'SIGSTOP')
    onTestFinished(() => goOn(worker))
    tooLate((await api.job(job.id)).status !== 'processing')
    const headers = { Cookie: `sheetport_session=${openSession(context, member).token}` }
    const pages = ['/templates', `/templates/${template.id}`, `/templates/${template.id}/records`, '/jobs', '/settings']
    for (const page of [...pages, ...pages]) {
      const asked = performance.now()
      const answer = await fetch(url + page, { headers })
      await answer.text()
      expect(answer.status, page).toBe(200)
      expect(performance.now() - asked, page).toBeLessThan(SOON_MS)
    }
    const values = { values: { SKU: 'x', Name: 'By hand' } }
    expect(await api.request('POST', `/api/templates/${other.id}/records`, values)).toMatchObject({ status: 201 })
    const asked = performance.now()
    const refused = await api.request('PATCH', `/api/templates/${template.id}/records/${record?.id}`, values)
    expect(performance.now() - asked).toBeLessThan(SOON_MS)
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'table_busy',
        detail: expect.stringMatching(
          /^changes\.csv is being applied to this table, \d+ % done, so this was not saved\.$/,
        ),
        link: `/templates/${template.id}/jobs/${job.id}`,
      },
    })
    goOn(worker)
    expect(await api.settled(job)).toMatchObject({ status: 'completed', attempts: 1 })
    expect(await api.request('POST', `/api/templates/${template.id}/records`, values)).toMatchObject({ status: 201 })
  },
)

function goOn(worker: number): void {
  try {
    process.kill(worker, 'SIGCONT')
  } catch {
    // It has ended.
  }
}
