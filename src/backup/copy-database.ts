import Database from 'better-sqlite3'

/** Pages in one step; other work of the process gets its turn between two steps. */
const PAGES_PER_STEP = 2_000

/** A copy that is not what a database should be; so, most likely, is the file that was copied. */
export class DamagedCopy extends Error {}

/**
 * Copies a database that others may be writing, as it was when the copy began: in WAL mode a reader holds up no writer.
 * The copy is one file and has been checked.
 */
export async function copySnapshot(
  from: string,
  to: string,
  onProgress: (fraction: number) => void = () => {},
): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true })
  try {
    // Without a transaction around it the copy would begin anew whenever somebody writes, and might never end.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await copyPages(source, to, onProgress)
  } finally {
    source.close()
  }
  finishCopy(to)
}

/** Copies a database without WAL, in which a reader holds up a writer: read in steps, and begun anew when it changed. */
export async function copyBetweenWrites(from: string, to: string): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true })
  try {
    await copyPages(source, to, () => {})
  } finally {
    source.close()
  }
  finishCopy(to)
}

async function copyPages(source: Database.Database, to: string, onProgress: (fraction: number) => void): Promise<void> {
  await source.backup(to, {
    progress({ totalPages, remainingPages }) {
      if (totalPages > 0) onProgress(1 - remainingPages / totalPages)
      return PAGES_PER_STEP
    },
  })
}

function finishCopy(file: string): void {
  const copy = new Database(file, { fileMustExist: true })
  try {
    copy.pragma('journal_mode = DELETE')
    const found = copy.pragma('integrity_check(1)', { simple: true })
    if (found !== 'ok') throw new DamagedCopy(`The copy in ${file} is damaged: ${found}`)
  } finally {
    copy.close()
  }
}
