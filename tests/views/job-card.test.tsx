import { describe, expect, test } from 'vitest'
import { JOB_STATUSES, type JobStatus } from '../../src/states.ts'
import { JobCard, jobCardId } from '../../src/views/job-card.tsx'
import { JobRegion, jobRegionId } from '../../src/views/job-region.tsx'
import { JobRow, jobRowId } from '../../src/views/job-row.tsx'
import { renderFragment } from '../../src/views/render.ts'
import { sampleJob } from './job-sample.ts'
import { textOf } from './rendered.ts'

const WORDS: Record<JobStatus, string> = {
  pending: 'Pending',
  processing: 'Processing',
  review: 'Needs review',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

describe('the card of a job', () => {
  test.each(JOB_STATUSES)('says %s in words, on the card and in a list', (status) => {
    const view = sampleJob({ job: { status } })
    expect(textOf(<JobCard view={view} />)).toContain(WORDS[status])
    expect(textOf(<JobRow view={view} />)).toContain(WORDS[status])
  })

  test('keeps its ids whatever the state, so that a push finds it', () => {
    for (const status of JOB_STATUSES) {
      const view = sampleJob({ job: { status } })
      const region = renderFragment(<JobRegion view={view} columnNames={{}} />)
      expect(region).toMatch(new RegExp(`^<div id="${jobRegionId('j1')}"`))
      expect(region).toContain(`id="${jobCardId('j1')}"`)
      expect(renderFragment(<JobRow view={view} />)).toContain(`id="${jobRowId('j1')}"`)
    }
  })

  test('says in one line how far it is', () => {
    const text = textOf(<JobCard view={sampleJob()} />)
    expect(text).toContain('Reading and checking · 2,500 of 9,713 rows · 45 s · about 2 min left · 510 rows/s')
    expect(text).toContain('26 %')
  })

  test('shows no percentage when the total is unknown', () => {
    const progress = { ...sampleJob().job.progress, percent: null, rows_total: null, eta_ms: null }
    const html = renderFragment(<JobCard view={sampleJob({ job: { progress } })} />)
    expect(html).toContain('<progress')
    expect(html).not.toMatch(/<progress[^>]* value=/)
    expect(html).not.toContain('%')
  })

  test('counts groups by the name of their column', () => {
    const progress = { ...sampleJob().job.progress, groups_done: 38, groups_total: 52 }
    const view = sampleJob({ job: { progress }, view: { groupName: 'Scout' } })
    expect(textOf(<JobCard view={view} />)).toContain('Scout: 38 of 52')
  })

  test('says for what a job waits', () => {
    const job = { status: 'pending' as const }
    const waits = (why: 'table' | 'place', by: string | null = null) => {
      const waitingFor = { name: 'stock-october.xlsx', by, percent: 62, why }
      return textOf(<JobCard view={sampleJob({ job, view: { waitingFor, place: 3 } })} />)
    }
    expect(waits('table')).toContain('Waiting for stock-october.xlsx, 62 % done · third in the queue')
    expect(waits('place')).toContain('Waiting for a free place: stock-october.xlsx is running, 62 % done')
    expect(waits('table', 'Ana')).toContain('Waiting for stock-october.xlsx by Ana, 62 % done')
    expect(waits('place', 'Ana')).toContain('stock-october.xlsx by Ana is running')
    expect(textOf(<JobCard view={sampleJob({ job, view: { waitingFor: 'other_team', place: 1 } })} />)).toContain(
      'Waiting for a free place: jobs of another team are running · next in the queue',
    )
    expect(textOf(<JobCard view={sampleJob({ job, view: { place: 2 } })} />)).toContain('Second in the queue')
    expect(textOf(<JobCard view={sampleJob({ job, view: { interrupted: true } })} />)).toContain(
      'Interrupted, resuming',
    )
  })

  test('says how often a job was begun, and that nobody is there to do it', () => {
    const job = { status: 'pending' as const }
    const interrupted = sampleJob({ job, view: { interrupted: true, crashes: 1 } })
    expect(textOf(<JobCard view={interrupted} />)).toContain('Interrupted, resuming (attempt 2 of 3).')
    expect(textOf(<JobCard view={sampleJob({ view: { crashes: 1 } })} />)).toContain('attempt 2 of 3')
    const waits = sampleJob({ job, view: { noWorker: true, place: 2 } })
    expect(textOf(<JobCard view={waits} />)).toContain('Nothing is lost. It waits because no worker is running')
  })

  test('says when the process was last heard, once that is worth knowing', () => {
    const silence = (silentMs: number) => textOf(<JobCard view={sampleJob({ view: { silentMs } })} />)
    expect(silence(1500)).not.toContain('sign of life')
    expect(silence(8200)).toContain('Last sign of life 8 s ago.')
    expect(silence(20_000)).toContain('No sign of life for 20 s. If it stays like this, its process is ended')
  })

  test('says how fast it is and how long it takes only as long as its process is heard', () => {
    const words = (silentMs: number, cancelling: boolean) =>
      textOf(<JobCard view={sampleJob({ view: { silentMs, cancelling } })} />)
    expect(words(1500, false)).toMatch(/about .* left.* rows\/s/)
    // What is left of the import is not what is left of its cancelling.
    expect(words(1500, true)).toMatch(/rows\/s/)
    expect(words(1500, true)).not.toContain(' left')
    for (const cancelling of [false, true]) expect(words(8200, cancelling)).not.toMatch(/ left|rows\/s/)
  })

  test('says that a job is being cancelled, and how to end it at once', () => {
    const text = textOf(<JobCard view={sampleJob({ can: { cancel: true }, view: { cancelling: true } })} />)
    expect(text).toContain('Cancelling: stopping where it is safe')
    expect(text).toContain('End it at once')
  })

  test('asks for a decision with the numbers on its buttons', () => {
    const view = sampleJob({
      job: { status: 'review' },
      counts: { read: 4812, created: 312, updated: 4300, unchanged: 78, problems: 122 },
      can: { approve: true, cancel: true, downloadRefused: true },
      view: { plan: 'abc' },
    })
    const text = textOf(<JobCard view={view} />)
    expect(text).toContain('4,812 rows read. 4,690 are ready, 122 have problems. Nothing has changed yet.')
    expect(text).toContain('Import 4,690 rows')
    expect(text).toContain('Download the 122 to repair')
    expect(renderFragment(<JobCard view={view} />)).toContain('<input type="hidden" name="plan" value="abc"/>')
  })

  test('says how many records a replacing import deletes', () => {
    const view = sampleJob({
      job: { status: 'review', mode: 'replace' },
      counts: { read: 420, created: 120, updated: 300, deleted: 12 },
      can: { approve: true },
    })
    expect(textOf(<JobCard view={view} />)).toContain('Replace: 120 new, 300 changed, deletes 12 records')
  })

  test('offers no import when no row is ready', () => {
    const view = sampleJob({ job: { status: 'review' }, counts: { read: 3, problems: 3 }, can: { approve: true } })
    expect(renderFragment(<JobCard view={view} />)).not.toContain('/approve')
  })

  test('says what a failed import needs and offers the headers nobody claimed', () => {
    const view = sampleJob({
      job: {
        status: 'failed',
        error: { code: 'missing_columns', message: 'The file has no column for Name.', hint: 'Found: Item name.' },
      },
      can: { retry: true, readAgain: true },
      view: {
        details: {
          templateVersion: 1,
          format: 'xlsx',
          sheet: 'Stock',
          sheets: [{ name: 'Stock', hidden: false, empty: false }],
          headerRow: 1,
          sheetsRead: [],
          now: null,
          dialect: null,
          headers: [
            { index: 0, header: 'SKU', columnId: 'c1', by: 'name', suggestion: null },
            { index: 1, header: 'Item name', columnId: null, by: null, suggestion: 'Name' },
          ],
          missing: [{ columnId: 'c2', name: 'Name', required: true, suggestion: 'Item name' }],
          warnings: [],
          questions: [],
          leftOut: 0,
        },
      },
    })
    const html = renderFragment(<JobCard view={view} />)
    expect(textOf(<JobCard view={view} />)).toContain('The file has no column for Name. Nothing was changed.')
    expect(html).toContain('name="map[c2]"')
    expect(html).toMatch(/<option value="Item name" selected[^>]*>/)
    expect(html).not.toContain('<option value="SKU"')
  })

  test('shows what people wrote as text, never as markup', () => {
    const evil = '<img src=x onerror=alert(1)>"\'.xlsx'
    const view = sampleJob({ view: { fileLabel: evil, templateName: evil, creatorName: evil } })
    const html = renderFragment(<JobRegion view={view} columnNames={{}} />) + renderFragment(<JobRow view={view} />)
    expect(html).not.toContain('<img')
    expect(textOf(<JobCard view={view} />)).toContain(evil)
  })
})
