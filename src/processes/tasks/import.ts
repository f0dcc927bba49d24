import type Database from 'better-sqlite3'
import { openSpreadsheet } from '../../spreadsheets/open.ts'
import { type Spreadsheet, SpreadsheetError } from '../../spreadsheets/spreadsheet.ts'
import { applyImport } from '../../tables/apply.ts'
import { type Comparison, compare } from '../../tables/compare.ts'
import { findLedgerEntry, sizeOf } from '../../tables/ledger.ts'
import { type Counts, NO_COUNTS } from '../../tables/progress.ts'
import { readAndCheck, readStaged } from '../../tables/read-and-check.ts'
import type { ReadSummary } from '../../tables/read-result.ts'
import { textAsSaid } from '../../tables/reading.ts'
import { countInexactCells, keepRefusedCells } from '../../tables/refused-cells.ts'
import { problemGroups } from '../../tables/staged-problems.ts'
import { keepStaging, openStaging } from '../../tables/staging.ts'
import type { ImportOutcome, ReviewReason } from '../messages.ts'
import type { Reporter, Task } from '../protocol.ts'
import { withKeptTable } from './kept-table.ts'
import { tidyStaging } from './tidy-staging.ts'

/** So many columns are named when a file is refused for its rows; the others are on the page of its problems. */
const KINDS_NAMED = 5

type ImportTask = Task<'import'>
type Work = { task: ImportTask; reporter: Reporter; staging: Database.Database; table: Database.Database }

/**
 * One import from the uploaded file to the changed table. Wherever an earlier attempt died, it goes on: an import whose
 * transaction was committed is only reported, and a staging file that was read to the end is not read again.
 */
export async function runImport(task: ImportTask, reporter: Reporter): Promise<ImportOutcome> {
  return withKeptTable(task.paths.table, task.shape, async (table) => {
    const applied = findLedgerEntry(table, task.jobId)
    const outcome: ImportOutcome =
      applied === undefined
        ? await importInto(table, task, reporter)
        : { status: 'completed', applied: true, counts: applied.counts, size: sizeOf(table) }
    if (outcome.status !== 'review') tidyStaging(task.paths.staging, outcome.counts)
    return outcome
  })
}

async function importInto(table: Database.Database, task: ImportTask, reporter: Reporter): Promise<ImportOutcome> {
  const { file, shape, reading, paths } = task
  const source = { sha256: file.sha256, shape, reading }
  const { staging, complete } = openStaging(paths.staging, source)
  try {
    const read = complete ? readBefore(staging, reporter) : await readFile(staging, task, reporter)
    if ('failed' in read) return { status: 'failed', counts: NO_COUNTS, error: read.failed }
    return await decide({ task, reporter, staging, table }, read.read)
  } finally {
    staging.close()
  }
}

type Failure = { failed: { code: string; message: string; hint: string } }

function readBefore(staging: Database.Database, reporter: Reporter): { read: ReadSummary } {
  const read = readStaged(staging)
  reporter.details(read.details)
  return { read }
}

async function readFile(
  staging: Database.Database,
  task: ImportTask,
  reporter: Reporter,
): Promise<{ read: ReadSummary } | Failure> {
  try {
    const spreadsheet = await openFile(task)
    try {
      const { shape, reading } = task
      const result = await readAndCheck({
        ...{ spreadsheet, shape, staging, reading },
        onDetails: reporter.details,
        onProgress: reporter.progress,
      })
      if ('failed' in result && result.details !== null) reporter.details(result.details)
      return result
    } finally {
      spreadsheet.close()
    }
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    return { failed: { code: error.code, message: error.message, hint: error.hint } }
  }
}

function openFile({ file, reading }: ImportTask): Promise<Spreadsheet> {
  return openSpreadsheet(file.path, { inThread: true, ...textAsSaid(reading) })
}

/** Knows the whole effect now: refuses, asks, or goes on. */
async function decide(work: Work, read: ReadSummary): Promise<ImportOutcome> {
  const { task, reporter, staging, table } = work
  const { shape, mode, onProblems } = task
  if (read.details.questions.length > 0) return askPerson(read)
  const comparison = compare({ staging, table, shape, mode, onProgress: reporter.progress })
  const { counts, plan, warnings } = comparison
  if (warnings.length > 0) {
    reporter.details({ ...read.details, warnings: [...read.details.warnings, ...warnings] })
  }
  if (counts.problems > read.bad) await keepFileCells(work)
  if (onProblems === 'reject' && counts.problems > 0) return rejected(work, counts)
  if (task.dryRun) return { status: 'completed', applied: false, counts, size: sizeOf(table) }
  const reason = reviewReason(comparison, task)
  // Refused rows are looked at and repaired later on, also when the table has changed and the machine died after that.
  if (reason !== null || counts.problems > 0) keepStaging(staging)
  return reason === null ? apply(work, { plan, read }) : { status: 'review', counts, plan, reason }
}

/** Until it is known what the cells mean, there is nothing to compare, and no row is right or wrong. */
function askPerson({ rows }: ReadSummary): ImportOutcome {
  return { status: 'review', counts: { ...NO_COUNTS, read: rows }, plan: '', reason: 'questions' }
}

/** What a person has to decide before the table may be changed; null when nothing is left to decide. */
function reviewReason({ counts, plan, unidentified }: Comparison, task: ImportTask): ReviewReason | null {
  if (task.approved === plan) return null
  if (task.approved !== null) return 'changed'
  // A refused row may be one of the records that would go, and nobody can tell: that is never done unasked.
  if (counts.deleted > 0 && (!task.force || unidentified > 0)) return 'deletions'
  if (task.importedBefore && !task.force && counts.created + counts.updated > 0) return 'same_file'
  return task.onProblems === 'review' && counts.problems > 0 ? 'problems' : null
}

/** Rows that the comparison refused come back to be repaired as they are in the file, which is read again for them. */
async function keepFileCells({ task, staging }: Work): Promise<void> {
  if (countInexactCells(staging) === 0) return
  const spreadsheet = await openFile(task)
  try {
    await keepRefusedCells(staging, spreadsheet)
  } finally {
    spreadsheet.close()
  }
}

async function apply(work: Work, { plan, read }: { plan: string; read: ReadSummary }): Promise<ImportOutcome> {
  const { task, reporter, staging, table } = work
  const { shape, mode, jobId, file, actor } = task
  const result = applyImport({
    ...{ staging, table, shape, mode, jobId, actor, plan },
    file: file.name,
    onProgress: reporter.progress,
  })
  if ('applied' in result) {
    return { status: 'completed', applied: true, counts: result.counts, size: sizeOf(table) }
  }
  // Somebody changed the table since the comparison: what this would do now is looked at as if for the first time.
  return decide(work, read)
}

function rejected({ staging, task }: Work, counts: Counts): ImportOutcome {
  const kinds = problemGroups(staging, task.shape)
  const names = new Map(task.shape.columns.map(({ id, name }) => [id, name]))
  const where = kinds
    .slice(0, KINDS_NAMED)
    .map(
      ({ columnId, count }) => `${names.get(columnId ?? '') ?? 'the row as a whole'} (${count.toLocaleString('en')})`,
    )
  const more = kinds.length > KINDS_NAMED ? ' and more' : ''
  return {
    status: 'failed',
    counts: { ...NO_COUNTS, read: counts.read, problems: counts.problems },
    error: {
      code: 'rejected',
      message: `${counts.problems.toLocaleString('en')} of ${counts.read.toLocaleString('en')} rows have problems: ${where.join(', ')}${more}.`,
      hint: 'Repair these rows and import the file again, or let the import take the good rows only.',
    },
  }
}
