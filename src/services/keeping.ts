import { listSweeps } from '../db/old-jobs.ts'
import type { Keeping, SweepView } from '../views/kept-files.tsx'
import type { Context } from './context.ts'

const TOLD = 5
const HOUR_MS = 3_600_000

/** How long this server keeps what, and what its last sweeps removed. */
export function viewKeeping({ config, db }: Context): { keeping: Keeping; sweeps: SweepView[] } {
  const keeping = {
    uploadsHours: config.keepUploadsMs / HOUR_MS,
    exportsHours: config.keepExportsMs / HOUR_MS,
    historyDays: config.keepHistoryMs / HOUR_MS / 24,
  }
  return { keeping, sweeps: listSweeps(db, TOLD).map(({ at, removed }) => ({ at, removed })) }
}
