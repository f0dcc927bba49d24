import { expect, test } from 'vitest'
import type { JobInput, JobRow } from '../../src/db/schema.ts'
import { jobSentence, noticeSentence } from '../../src/services/job-sentence.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'

const IMPORT: JobInput = {
  kind: 'import',
  mode: 'update',
  onProblems: 'review',
  reading: AS_FOUND,
  dryRun: false,
  force: false,
}

const PENDING: JobRow = {
  seq: 1,
  id: 'j',
  teamId: 't',
  templateId: 'p',
  createdBy: 'u',
  kind: 'import',
  status: 'pending',
  phase: null,
  input: IMPORT,
  fileName: 'stock.xlsx',
  fileSize: 1,
  fileSha256: 'a',
  approved: null,
  plan: null,
  details: null,
  rowsDone: 0,
  rowsTotal: null,
  percent: null,
  groupsDone: 0,
  groupsTotal: null,
  speed: null,
  etaMs: null,
  elapsedMs: 0,
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  skipped: 0,
  problems: 0,
  error: null,
  note: null,
  attempts: 0,
  strikes: 0,
  furthest: 0,
  cancelRequested: false,
  backgroundJobId: null,
  undoneBy: null,
  idempotencyKey: null,
  idempotencyHash: null,
  createdAt: '2026-07-01T09:40:00.000Z',
  startedAt: null,
  finishedAt: null,
  heartbeatAt: null,
  expiresAt: null,
  fileGoneAt: null,
}

const done = (counts: Partial<JobRow>): JobRow => ({ ...PENDING, status: 'completed', ...counts })

test.each<[string, JobRow]>([
  ['Waiting to start', PENDING],
  ['Interrupted, waiting to go on', { ...PENDING, backgroundJobId: 'a run', attempts: 1 }],
  ['Waiting to start', { ...PENDING, startedAt: '2026-07-01T09:40:00.000Z', attempts: 1, approved: 'a plan' }],
  [
    'Reading and checking · 2,500 of 9,713 rows',
    { ...PENDING, status: 'processing', phase: 'reading', rowsDone: 2500, rowsTotal: 9713 },
  ],
  ['312 created, 4,300 updated, 78 unchanged.', done({ created: 312, updated: 4300, unchanged: 78 })],
  ['1 updated, 2 deleted. 1 row refused.', done({ updated: 1, deleted: 2, problems: 1 })],
  ['No changes needed: all 5,000 rows are already there and unchanged.', done({ read: 5000, unchanged: 5000 })],
  ['No changes needed: the row is already there and unchanged.', done({ unchanged: 1 })],
  [
    'Checked only, nothing was changed: 3 new, 1 changed.',
    done({ input: { ...IMPORT, dryRun: true }, created: 3, updated: 1 }),
  ],
  [
    '312 removed, 4,297 put back as they were. 3 records changed since and kept.',
    done({ kind: 'undo', input: { kind: 'undo', undoOf: 'x' }, deleted: 312, updated: 4297, skipped: 3 }),
  ],
  ['Nothing was left to undo.', done({ kind: 'undo', input: { kind: 'undo', undoOf: 'x' } })],
  [
    '1 row written.',
    done({ kind: 'export', input: { kind: 'export', format: 'csv', content: 'data', filter: null }, rowsDone: 1 }),
  ],
  ['Cancelled. Nothing was changed.', { ...PENDING, status: 'cancelled' }],
  ['Cancelled while comparing.', { ...PENDING, status: 'cancelled', note: 'Cancelled while comparing.' }],
])('says "%s"', (sentence, job) => {
  expect(jobSentence(job)).toBe(sentence)
})

test('a notice names the file and what is the matter', () => {
  expect(noticeSentence(done({ created: 3 }))).toBe('stock.xlsx is done: 3 created.')
  expect(noticeSentence({ ...PENDING, status: 'review', read: 4, problems: 1 })).toMatch(
    /^stock.xlsx needs you: 4 rows read/,
  )
  const error = { code: 'rejected', message: '3 of 4 rows have problems.', hint: '' }
  expect(noticeSentence({ ...PENDING, status: 'failed', error })).toBe('stock.xlsx failed: 3 of 4 rows have problems.')
})

test('a job says at which of several sheets it is, and what it left out', () => {
  const details: JobRow['details'] = {
    ...{
      templateVersion: 1,
      format: 'xlsx',
      sheet: 'May',
      sheets: [],
      sheetsRead: [],
      headerRow: 1,
      dialect: null,
      headers: [],
    },
    ...{ missing: [], warnings: [], questions: [], leftOut: 0, now: { sheet: 'June', at: 2, of: 3 } },
  }
  const reading: JobRow = { ...PENDING, status: 'processing', phase: 'reading', rowsDone: 1200, details }
  expect(jobSentence(reading)).toBe('Reading and checking · sheet June, 2 of 3 · 1,200 rows so far')
  const told: JobRow = { ...reading, status: 'completed', created: 2, details: { ...details, leftOut: 3 } }
  expect(jobSentence(told)).toBe('2 created. 3 rows left out.')
  expect(jobSentence({ ...reading, phase: 'comparing' })).toBe('Comparing · 1,200 rows so far')
})

test('an import in review without a problem does not speak of problems', () => {
  const review = { ...PENDING, status: 'review' as const, read: 4 }
  expect(jobSentence(review)).toBe('4 rows read. Nothing has changed yet.')
  expect(jobSentence({ ...review, problems: 1 })).toBe('4 rows read, 1 row with problems. Nothing has changed yet.')
})
