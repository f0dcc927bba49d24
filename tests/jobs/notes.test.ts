import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findJobById, insertJob } from '../../src/db/jobs.ts'
import { claimJob } from '../../src/db/running-jobs.ts'
import type { JobRow } from '../../src/db/schema.ts'
import { insertTemplate } from '../../src/db/templates.ts'
import { JobNotes } from '../../src/jobs/notes.ts'
import { ProgressMeter } from '../../src/jobs/progress.ts'
import { NO_COUNTS, type Progress } from '../../src/tables/progress.ts'
import { addMember, openWorkspace, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let job: JobRow
let notes: JobNotes
let told: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  workspace = openWorkspace()
  const { db, events } = workspace.context
  const member = addMember(workspace.context, 'Ana')
  insertTemplate(db, { id: 't', teamId: member.team.id, name: 'Items' })
  insertJob(db, {
    ...{ id: 'j', teamId: member.team.id, templateId: 't', kind: 'undo', input: { kind: 'undo', undoOf: 'x' } },
  })
  const claimed = claimJob(db, 'j', 'a run')
  if (claimed === undefined) throw new Error('the job could not be claimed')
  job = claimed
  notes = new JobNotes(workspace.context, job, new ProgressMeter({ phased: true, before: job }))
  told = 0
  events.on('job.changed', () => told++)
})

afterEach(async () => {
  notes.drop()
  vi.useRealTimers()
  await workspace.close()
})

const at = (rowsDone: number, phase: Progress['phase'] = 'reading'): Progress => ({
  ...{ phase, rowsDone, rowsTotal: null, fraction: 0.5, groupsDone: 0, groupsTotal: null, counts: NO_COUNTS },
})

const rowsWritten = () => findJobById(workspace.context.db, 'j')?.rowsDone

test('what a job tells in its first moment is written at its end, in the transaction of that', () => {
  notes.progress(at(10))
  notes.progress(at(20))
  vi.advanceTimersByTime(249)
  expect(rowsWritten()).toBe(0)
  workspace.context.db.transaction(() => notes.write())
  expect(rowsWritten()).toBe(20)
  vi.advanceTimersByTime(1000)
  expect(told).toBe(0)
})

test('a longer job is written and told a few times a second, each time as it is then', () => {
  notes.progress(at(10))
  vi.advanceTimersByTime(250)
  expect([rowsWritten(), told]).toEqual([10, 1])
  for (let rows = 11; rows <= 30; rows++) {
    notes.progress(at(rows))
    vi.advanceTimersByTime(60)
  }
  expect(told).toBeLessThanOrEqual(6)
  vi.advanceTimersByTime(250)
  expect(rowsWritten()).toBe(30)
  expect(told).toBeGreaterThan(4)
})

test('a job whose process died early is judged by how far it came', () => {
  notes.progress(at(10, 'applying'))
  notes.flush()
  expect(findJobById(workspace.context.db, 'j')?.strikes).toBe(0)
})

test('what was not written is forgotten when somebody else may work on the job', () => {
  notes.progress(at(10))
  notes.drop()
  vi.advanceTimersByTime(1000)
  expect(rowsWritten()).toBe(0)
})

test('what can not be written now does not end the job', () => {
  workspace.context.db.$client.exec(`CREATE TRIGGER no BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'full'); END`)
  notes.progress(at(10))
  notes.flush()
  workspace.context.db.$client.exec('DROP TRIGGER no')
  notes.progress(at(20))
  notes.flush()
  expect(rowsWritten()).toBe(20)
})
