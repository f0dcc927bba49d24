import { isDeepStrictEqual } from 'node:util'
import type { Row } from '../../src/spreadsheets/cell.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { SpreadsheetError } from '../../src/spreadsheets/spreadsheet.ts'

/**
 * What became of a damaged file.
 *
 * - `refused`: with a sentence; `same`: everything was read as it was before the damage
 * - `short`: rows or sheets are missing, and nothing was said
 * - `other`: as many rows, with other values in them
 * - `crashed`: an error that is no refusal, or the end of the process; `hung`: no answer in time; `memory`: too much of it
 */
export const VERDICTS = ['refused', 'same', 'short', 'other', 'crashed', 'hung', 'memory'] as const
export type Verdict = (typeof VERDICTS)[number]

/**
 * Whether that may become of a damaged file. The parts of most formats carry a checksum. XLS and CSV have none: nobody can
 * know that a bit of a number or a text was another one before. But an XLS says how much there is of it, so that none
 * may be read short; a text says nowhere where it ends.
 */
export function isFine(format: string, verdict: Verdict): boolean {
  if (verdict === 'refused' || verdict === 'same') return true
  if (verdict === 'other') return format === 'XLS' || format === 'CSV'
  return verdict === 'short' && format === 'CSV'
}

export type Sheets = Map<string, Row[]>

/** Every sheet's rows. Throws a SpreadsheetError for a file that is refused. */
export async function readSheets(file: string): Promise<Sheets> {
  const spreadsheet = await openSpreadsheet(file)
  try {
    const sheets: Sheets = new Map()
    for (const { name } of spreadsheet.sheets) {
      const rows: Row[] = []
      for await (const batch of spreadsheet.rows(name)) rows.push(...batch.rows)
      sheets.set(name, rows)
    }
    return sheets
  } finally {
    spreadsheet.close()
  }
}

export async function judge(file: string, whole: Sheets): Promise<{ verdict: Verdict; sentence: string }> {
  try {
    const found = await readSheets(file)
    if (isDeepStrictEqual(found, whole)) return { verdict: 'same', sentence: '' }
    return isShort(found, whole)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof SpreadsheetError) return { verdict: 'refused', sentence: message }
    return { verdict: 'crashed', sentence: error instanceof Error ? (error.stack ?? message) : message }
  }
}

/** Sheets are compared by their places, because a name may have been damaged, too. */
function isShort(found: Sheets, whole: Sheets): { verdict: Verdict; sentence: string } {
  const [before, after] = [counts(whole), counts(found)]
  const short = after.length < before.length || before.some((rows, at) => (after[at] ?? 0) < rows)
  return { verdict: short ? 'short' : 'other', sentence: `rows of the sheets ${before} became ${after}` }
}

function counts(sheets: Sheets): number[] {
  return [...sheets.values()].map((rows) => rows.length)
}
