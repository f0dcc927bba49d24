/** What a job did, is doing or would do, in rows of the file and records of the table. */
export type Counts = {
  read: number
  created: number
  updated: number
  unchanged: number
  deleted: number
  skipped: number
  /** Rows that were refused. */
  problems: number
}

export const NO_COUNTS: Counts = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  skipped: 0,
  problems: 0,
}

export type Progress = {
  phase: 'reading' | 'comparing' | 'applying'
  rowsDone: number
  rowsTotal: number | null
  /** 0 to 1 of this phase, or null when it can't be known. */
  fraction: number | null
  groupsDone: number
  groupsTotal: number | null
  counts: Counts
}
