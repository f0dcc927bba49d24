import { expect, test } from 'vitest'
import type { JobView } from '../../src/views/job-view.ts'
import { ReceiptPage } from '../../src/views/receipt-page.tsx'
import { sampleJob } from './job-sample.ts'
import { textOf } from './rendered.ts'

const VIEWER = { user: { id: 'u1', name: 'Ana', email: 'a@b.example' }, team: { id: 'm1', name: 'Shop' }, notices: [] }

test('a receipt says which bytes did what, when and for whom, and whether it still stands', () => {
  const job = { status: 'completed', finished_at: '2026-07-01T09:41:00.000Z' } as const
  const counts = { read: 3, created: 1, updated: 2 }
  const text = textOf(<ReceiptPage viewer={VIEWER} view={sampleJob({ job, counts })} columnNames={{}} />)
  for (const said of [
    ...[
      'stock.xlsx',
      '4.1 MB, 4,300,000 bytes',
      'SHA-256',
      'ab',
      'Ana',
      '1 Jul 2026, 09:40 UTC',
      '1 Jul 2026, 09:41 UTC',
    ],
    ...['after 45 s of work', 'Update and add', 'Stop and ask me', 'j1'],
  ]) {
    expect(text).toContain(said)
  }
  expect(text).not.toContain('undone')
  const details: JobView['details'] = {
    ...{ templateVersion: 3, format: 'xlsx', sheet: 'Stock', sheets: [], sheetsRead: [], headerRow: 1, dialect: null },
    ...{ headers: [], missing: [], warnings: [], questions: [], leftOut: 0, now: null },
  }
  const checked = sampleJob({ job, counts, view: { details } })
  expect(textOf(<ReceiptPage viewer={VIEWER} view={checked} columnNames={{}} />)).toContain('Inventory, version 3')
  const quick = sampleJob({ job, counts })
  quick.job.progress.elapsed_ms = 12
  expect(textOf(<ReceiptPage viewer={VIEWER} view={quick} columnNames={{}} />)).toContain('after less than a second of')
  const undone = sampleJob({ job, counts, view: { undoneBy: 'j2' } })
  expect(textOf(<ReceiptPage viewer={VIEWER} view={undone} columnNames={{}} />)).toContain('It was undone later')
})
