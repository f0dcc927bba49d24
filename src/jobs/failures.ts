import type { Death } from '../processes/work-process.ts'
import { findStorageProblem } from '../services/storage-problem.ts'
import { type JobKind, MAX_STRIKES } from '../states.ts'
import { NO_COUNTS } from '../tables/progress.ts'
import type { JobEnd } from './handlers.ts'

type Failed = Extract<JobEnd, { status: 'failed' }>

const DEATHS: Record<Death, string> = {
  crashed: 'the process that worked on it crashed',
  unstarted: 'no process could be started for it',
  ended: 'the process that worked on it was ended from outside',
  memory: 'it needed more memory than a job may use',
  stalled: 'the process that worked on it gave no sign of life for 30 seconds',
}

/** Why a job was given up after its process died again and again. */
export function poison(death: Death, kind: JobKind): Failed {
  return failed('poison', `Tried ${MAX_STRIKES} times, but ${DEATHS[death]}.`, wayOut(death, kind))
}

/** Of these only an import has a file that can be at fault. */
function wayOut(death: Death, kind: JobKind): string {
  if (death === 'memory') {
    const file =
      'Save it as XLSX, or as CSV if it is one already, and upload that; or split the file, or ask whoever runs this server to raise JOB_MEMORY_MB.'
    return kind === 'import' ? file : 'Ask whoever runs this server to raise JOB_MEMORY_MB, and try again.'
  }
  return kind === 'import'
    ? 'Open the file in your spreadsheet program, save it as a new XLSX file, and upload that one.'
    : 'Try again. If it happens again, tell whoever runs this server; its log says when each process ended.'
}

/** The sentence for an error that is not the file's fault. What is not known gets a reference that the log has too. */
export function failedBy(error: unknown, reference: string): Failed {
  const known = findStorageProblem(error)
  if (known !== undefined) return failed(known.code, known.message, known.hint)
  return failed(
    'internal',
    `Something went wrong on our side (reference ${reference}).`,
    'Try again. If it happens again, tell whoever runs this server the reference.',
  )
}

function failed(code: string, message: string, hint: string): Failed {
  return { status: 'failed', counts: NO_COUNTS, error: { code, message, hint } }
}
