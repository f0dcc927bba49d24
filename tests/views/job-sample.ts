import type { JobObject } from '../../src/services/job-object.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import type { JobView } from '../../src/views/job-view.ts'

const NOTHING = { read: 0, created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0, problems: 0 }
const MAY_NOTHING: JobView['can'] = {
  cancel: false,
  approve: false,
  retry: false,
  readAgain: false,
  importKept: false,
  undo: false,
  seeChanges: false,
  downloadFile: false,
  downloadRefused: false,
}

type Sample = {
  job?: Partial<Omit<JobObject, 'counts'>>
  counts?: Partial<JobObject['counts']>
  can?: Partial<JobView['can']>
  view?: Partial<JobView>
}

/** An import of stock.xlsx in the middle of its way, changed as the test wants it. */
export function sampleJob({ job, counts, can, view }: Sample = {}): JobView {
  return {
    job: {
      id: 'j1',
      kind: 'import',
      status: 'processing',
      phase: 'reading',
      template_id: 't1',
      created_by: 'u1',
      file: { name: 'stock.xlsx', size: 4_300_000, sha256: 'ab' },
      mode: 'update',
      on_problems: 'review',
      progress: {
        rows_done: 2500,
        rows_total: 9713,
        percent: 26,
        groups_done: 0,
        groups_total: null,
        message: '',
        elapsed_ms: 45_000,
        eta_ms: 120_000,
      },
      left_out: 0,
      warnings: [],
      questions: [],
      note: null,
      error: null,
      attempts: 1,
      background_job_id: null,
      created_at: '2026-07-01T09:40:00.000Z',
      started_at: null,
      finished_at: null,
      heartbeat_at: null,
      expires_at: null,
      ...job,
      counts: { ...NOTHING, ...counts },
    },
    templateName: 'Inventory',
    fileLabel: 'stock.xlsx',
    creatorName: 'Ana',
    waitingFor: null,
    keepHours: 24,
    interrupted: false,
    crashes: 0,
    silentMs: null,
    noWorker: false,
    place: null,
    speed: 510,
    groupName: null,
    details: null,
    reading: AS_FOUND,
    checkOnly: false,
    cancelling: false,
    note: null,
    plan: null,
    fileGoneAt: null,
    undoneBy: null,
    undoOf: null,
    ...view,
    can: { ...MAY_NOTHING, ...can },
  }
}
