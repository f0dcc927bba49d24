import { listJobChanges, type RecordDiff } from '../../tables/job-changes.ts'
import { listPlannedChanges, type PlannedChanges } from '../../tables/planned-changes.ts'
import { openStagingReadonly } from '../../tables/staging.ts'
import type { Task } from '../protocol.ts'
import { openTableForReading } from './read-table.ts'

/** The questions about what a job did, or what an import in review would do. */

export function listChanges({ table, shape, jobId, page }: Task<'changes.list'>): RecordDiff[] {
  const db = openTableForReading(table, shape)
  try {
    return listJobChanges(db, shape, { jobId, ...page })
  } finally {
    db.close()
  }
}

export function listPlan({ paths, shape, page }: Task<'changes.plan'>): PlannedChanges {
  const staging = openStagingReadonly(paths.staging)
  try {
    const table = openTableForReading(paths.table, shape)
    try {
      return listPlannedChanges({ staging, table }, shape, page)
    } finally {
      table.close()
    }
  } finally {
    staging.close()
  }
}
