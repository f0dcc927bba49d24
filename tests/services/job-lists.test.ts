import { expect, onTestFinished, test } from 'vitest'
import { insertJob } from '../../src/db/jobs.ts'
import { insertTemplate } from '../../src/db/templates.ts'
import { templateJobs } from '../../src/services/job-lists.ts'
import type { JobStatus } from '../../src/states.ts'
import { addMember, openWorkspace } from '../support/workspace.ts'

test('the job that runs and one that needs somebody are seen behind any number that wait, in their order', () => {
  const workspace = openWorkspace()
  onTestFinished(() => workspace.close())
  const { context } = workspace
  const member = addMember(context, 'Ana')
  const of = { teamId: member.team.id, templateId: 't', kind: 'undo', input: { kind: 'undo', undoOf: 'x' } } as const
  insertTemplate(context.db, { id: 't', teamId: member.team.id, name: 'Items' })
  const add = (id: string, status: JobStatus) => insertJob(context.db, { ...of, id, status })
  add('done', 'completed')
  add('asks', 'review')
  add('runs', 'processing')
  for (let n = 1; n <= 40; n++) add(`waits-${n}`, 'pending')
  const { running, earlier } = templateJobs(context, member, 't')
  const ids = running.map(({ job }) => job.id)
  expect(ids.slice(0, 2)).toEqual(['waits-40', 'waits-39'])
  expect(ids.slice(-2)).toEqual(['runs', 'asks'])
  expect(earlier.map(({ job }) => job.id)).toEqual(['done'])
})
