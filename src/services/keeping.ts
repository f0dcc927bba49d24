import { listSweeps } from '../db/old-jobs.ts'
import type { Keeping, SweepView } from '../views/kept-files.tsx'
import type { Context } from './context.ts'
import { listStrayTables } from './stray-tables.ts'

const TOLD = 5
const HOUR_MS = 3_600_000

/** How long this server keeps what, what its last sweeps removed, and what they leave to people. */
export function viewKeeping(context: Context): { keeping: Keeping; sweeps: SweepView[] } {
  const { config, db } = context
  const keeping = {
    uploadsHours: config.keepUploadsMs / HOUR_MS,
    exportsHours: config.keepExportsMs / HOUR_MS,
    historyDays: config.keepHistoryMs / HOUR_MS / 24,
    strayTables: listStrayTables(context),
  }
  return { keeping, sweeps: listSweeps(db, TOLD).map(({ at, removed }) => ({ at, removed })) }
}
