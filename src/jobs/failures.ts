import { WorkFailed } from '../processes/pool.ts'
import type { Death } from '../processes/work-process.ts'
import { NO_COUNTS } from '../tables/progress.ts'
import type { JobEnd } from './handlers.ts'

/** A job that took its process down this often in a row, without getting further, is not tried again by itself. */
export const MAX_STRIKES = 3

type Failed = Extract<JobEnd, { status: 'failed' }>

const DEATHS: Record<Death, string> = {
  crashed: 'the process that worked on it crashed',
  ended: 'the process that worked on it was ended from outside',
  memory: 'it needed more memory than a job may use',
  stalled: 'it stopped giving signs of life',
}

/** Why a job was given up after its process died again and again. */
export function poison(death: Death): Failed {
  const hint =
    death === 'memory'
      ? 'Save the file as CSV, or split it, and upload it again; or ask whoever runs this server to raise JOB_MEMORY_MB.'
      : 'Open the file in your spreadsheet program, save it as a new XLSX file, and upload that one.'
  return failed('poison', `Tried ${MAX_STRIKES} times, but ${DEATHS[death]}.`, hint)
}

const SYSTEM_ERRORS: { code: RegExp; name: string; message: string; hint: string }[] = [
  {
    code: /^(ENOSPC|EDQUOT|SQLITE_FULL)$/,
    name: 'disk_full',
    message: 'The server has no room left on its disk.',
    hint: 'Ask whoever runs this server to free some space, then try again.',
  },
  {
    code: /^(SQLITE_CORRUPT|SQLITE_NOTADB)/,
    name: 'corrupt_table',
    message: 'The file of this table is damaged.',
    hint: 'Ask whoever runs this server to restore it from a backup.',
  },
  {
    code: /^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN)/,
    name: 'no_access',
    message: 'The server is not allowed to write to its data folder.',
    hint: 'Ask whoever runs this server to check the permissions of the data folder, then try again.',
  },
  {
    code: /^(EMFILE|ENFILE)$/,
    name: 'too_many_files',
    message: 'The server has too many files open.',
    hint: 'Try again in a moment.',
  },
]

/** The sentence for an error that is not the file's fault. What is not known gets a reference that the log has too. */
export function failedBy(error: unknown, reference: string): Failed {
  const code = error instanceof WorkFailed ? error.code : ''
  const known = SYSTEM_ERRORS.find((each) => each.code.test(code))
  if (known !== undefined) return failed(known.name, known.message, known.hint)
  return failed(
    'internal',
    `Something went wrong on our side (reference ${reference}).`,
    'Try again. If it happens again, tell whoever runs this server the reference.',
  )
}

function failed(code: string, message: string, hint: string): Failed {
  return { status: 'failed', counts: NO_COUNTS, error: { code, message, hint } }
}
