/** The closed lists about jobs that the database, the API and the pages share. */

export const JOB_KINDS = ['import', 'export', 'undo'] as const
export type JobKind = (typeof JOB_KINDS)[number]

export const JOB_STATUSES = ['pending', 'processing', 'review', 'completed', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

export const PHASES = ['reading', 'comparing', 'applying'] as const
export type Phase = (typeof PHASES)[number]

/** A job that took its process down this often in a row, without getting further, is not tried again by itself. */
export const MAX_STRIKES = 3

/** What separates the cells of a CSV; Excel expects semicolons where numbers have a decimal comma. */
export const EXPORT_DELIMITERS = ['comma', 'semicolon'] as const
export type ExportDelimiter = (typeof EXPORT_DELIMITERS)[number]

export const EXPORT_FORMATS = ['xlsx', 'csv'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const EXPORT_CONTENTS = ['data', 'template', 'sample', 'changes'] as const
export type ExportContent = (typeof EXPORT_CONTENTS)[number]
