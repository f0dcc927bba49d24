import { WorkFailed } from '../processes/pool.ts'

/** Why something could not be stored or read, in words for people. It is never the fault of a file or of who sent it. */
export type StorageProblem = { status: 503 | 507; code: string; message: string; hint: string }

const PROBLEMS: (StorageProblem & { known: RegExp })[] = [
  {
    known: /^(ENOSPC|EDQUOT|SQLITE_FULL)$/,
    status: 507,
    code: 'disk_full',
    message: 'The server has no room left on its disk, so this was not done.',
    hint: 'Ask whoever runs this server to free some space, then try again.',
  },
  {
    known: /^(SQLITE_CORRUPT|SQLITE_NOTADB|TABLE_SET_ASIDE)/,
    status: 503,
    code: 'corrupt_table',
    message: 'The file of this table is damaged.',
    hint: 'Whoever runs this server can put a copy from a backup in its place, under the name without ".corrupt-…"; or move the damaged file to another folder, to begin with an empty table.',
  },
  {
    known: /^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|ENOTDIR|EISDIR)/,
    status: 503,
    code: 'no_access',
    message: 'The server can not write to its data folder, so this was not done.',
    hint: 'Ask whoever runs this server to check the permissions of the data folder, then try again.',
  },
  {
    known: /^(EMFILE|ENFILE|EAGAIN)$/,
    status: 503,
    code: 'too_many_files',
    message: 'The server has too many files or processes open, so this was not done.',
    hint: 'Try again in a moment. If it happens again, ask whoever runs this server to raise its limit of open files.',
  },
  {
    known: /^(EIO|SQLITE_IOERR)/,
    status: 503,
    code: 'disk_error',
    message: 'The disk of the server reported an error, so this was not done.',
    hint: 'Ask whoever runs this server to look at its disk before you try again.',
  },
]

/** Looks at the code of an error, and at those of what caused it. */
export function findStorageProblem(error: unknown): StorageProblem | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = 'code' in each && typeof each.code === 'string' ? each.code : ''
    const problem = PROBLEMS.find(({ known }) => known.test(code))
    if (problem === undefined) continue
    const { known: _known, ...told } = problem
    return each instanceof WorkFailed && code === 'TABLE_SET_ASIDE' ? { ...told, message: each.reason } : told
  }
  return undefined
}
