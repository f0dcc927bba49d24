import { peakMemoryMb } from '../../bench/peak-memory.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { SpreadsheetError } from '../../src/spreadsheets/spreadsheet.ts'

/**
 * `node refuse-and-measure.ts USUAL ATTACK…`: reads a usual workbook and then files that are attacks, over and over in
 * turn, in a process of its own. Prints what became of each, the least processor time that it took, and how much the
 * process had grown by the largest.
 */
export type Measured = { code: string | undefined; rows: number; cpuMs: number; grownMb: number }

const ROUNDS = 5

async function read(file: string): Promise<Pick<Measured, 'code' | 'rows'>> {
  let rows = 0
  try {
    const spreadsheet = await openSpreadsheet(file)
    for await (const batch of spreadsheet.rows(spreadsheet.sheets[0]?.name ?? '')) rows += batch.rows.length
    spreadsheet.close()
    return { code: undefined, rows }
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    return { code: error.code, rows }
  }
}

async function measure(file: string): Promise<Measured> {
  const before = process.cpuUsage()
  const peak = peakMemoryMb()
  const outcome = await read(file)
  const { user, system } = process.cpuUsage(before)
  return { ...outcome, cpuMs: (user + system) / 1000, grownMb: peakMemoryMb() - peak }
}

const files = process.argv.slice(2)
// The first reading of all compiles what they share.
for (let round = 0; round < ROUNDS; round += 1) await read(files[0] ?? '')
const found: Measured[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [at, file] of files.entries()) {
    const now = await measure(file)
    const before = found[at] ?? now
    found[at] = {
      ...now,
      cpuMs: Math.min(now.cpuMs, before.cpuMs),
      grownMb: Math.max(now.grownMb, before.grownMb),
    }
  }
}
console.log(JSON.stringify(found))
