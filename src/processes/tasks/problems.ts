import type { Database } from 'better-sqlite3'
import { writeCsv } from '../../spreadsheets/csv/write-csv.ts'
import type { OutColumn, OutSheet } from '../../spreadsheets/out-sheet.ts'
import { writeXlsx } from '../../spreadsheets/xlsx/write/write-xlsx.ts'
import { type RefusedRow, refusedRows } from '../../tables/refused-rows.ts'
import type { ProblemGroup } from '../../tables/staged-problems.ts'
import { listProblems, type ProblemPage, problemGroups } from '../../tables/staged-problems.ts'
import { stagedSheets } from '../../tables/staged-sheets.ts'
import { openStagingReadonly } from '../../tables/staging.ts'
import type { Task } from '../protocol.ts'

/** The questions that pages ask about what an import refused. */

export function groupProblems({ staging, shape }: Task<'problems.groups'>): ProblemGroup[] {
  return reading(staging, (db) => problemGroups(db, shape))
}

export function listStagedProblems({ staging, query }: Task<'problems.list'>): ProblemPage {
  return reading(staging, (db) => listProblems(db, query))
}

/** What stands before the columns of the file itself; a file that comes back repaired and is refused again has them already. */
const ADDED = ['Problem', 'Row in the file']

/** Writes the refused rows in the layout of their file, all as text, so that nothing is lost on the way back. */
export async function writeRefusedRows({ staging, format, out }: Task<'problems.file'>): Promise<number> {
  const db = openStagingReadonly(staging)
  try {
    const { header, rows } = refusedRows(db)
    const several = stagedSheets(db).length > 1
    const kept = header.flatMap((name, at) => (ADDED.includes(name) ? [] : [{ name, at }]))
    const sheet: OutSheet = {
      name: 'Refused rows',
      columns: [
        { ...text(ADDED[0]), width: 60 },
        { ...text(ADDED[1]), type: several ? 'text' : 'integer' },
        ...kept.map(({ name }) => text(name)),
      ],
      rows: repairRows(
        rows,
        kept.map(({ at }) => at),
        { several },
      ),
    }
    const written = format === 'csv' ? await writeCsv(out, sheet) : await writeXlsx(out, sheet)
    return written.rows
  } finally {
    db.close()
  }
}

function text(header = ''): OutColumn {
  return { id: null, header, type: 'text' }
}

function* repairRows(
  rows: Iterable<RefusedRow>,
  columns: number[],
  { several }: { several: boolean },
): Generator<(string | number)[]> {
  for (const { message, sheet, row, cells } of rows) {
    yield [message, several ? `${sheet}!${row}` : row, ...columns.map((at) => cells[at] ?? '')]
  }
}

function reading<Result>(staging: string, work: (db: Database) => Result): Result {
  const db = openStagingReadonly(staging)
  try {
    return work(db)
  } finally {
    db.close()
  }
}
