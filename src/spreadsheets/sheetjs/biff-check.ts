import { damaged, encrypted } from '../refusals.ts'
import { checkStrings } from './biff-strings.ts'

// Record types of [MS-XLS] 2.3 and of the older BIFF versions.
const BOF = new Set([0x0809, 0x0409, 0x0209, 0x0009])
const EOF = 0x000a
const FILEPASS = 0x002f
const BOUNDSHEET = 0x0085
/** The kind of substream that a sheet of cells is ([MS-XLS] 2.4.21). */
const WORKSHEET = 0x0010
const SST = 0x00fc
const CONTINUE = 0x003c

/** No record holds more ([MS-XLS] 2.1.4). */
const LONGEST = 8224
/** What one cell or one row takes: RK, LabelSst, Number, Blank, BoolErr, Row, and cells side by side, MulRk and MulBlank. */
const LONGEST_OF: ReadonlyMap<number, number> = new Map([
  [0x027e, 10],
  [0x00fd, 10],
  [0x0203, 14],
  [0x0201, 6],
  [0x0205, 8],
  [0x0208, 16],
  [0x00bd, 6 + 256 * 6],
  [0x00be, 6 + 256 * 2],
])

/** Whether the start of a workbook stream says that the rest is encrypted ([MS-XLS] 2.4.117). */
export function hasFilePass(start: Buffer): boolean {
  for (const record of records(start)) {
    if (record.type === FILEPASS) return true
    if (record.type === EOF) return false
  }
  return false
}

/**
 * Walks the records of a whole workbook stream. Every substream must come to its end and every sheet must begin
 * where the workbook says ([MS-XLS] 2.1.7, 2.4.28), no record may be so long that it swallows others, and the texts must be
 * all there: a library reads what is left of a damaged file without a word.
 */
export function checkBiff(stream: Buffer): void {
  const begins = new Set<number>()
  const sheets: number[] = []
  const worksheets: number[] = []
  let depth = 0
  let end = 0
  for (const { type, at, length } of records(stream)) {
    end = at + 4 + length
    if (end > stream.length) throw damaged('This workbook is cut off in the middle of a record.')
    if (BOF.has(type)) {
      begins.add(at)
      if (depth === 0 && length >= 4 && stream.readUInt16LE(at + 6) === WORKSHEET) worksheets.push(at)
      depth += 1
    } else if (depth === 0)
      break // what follows the last substream is padding
    else if (length > (LONGEST_OF.get(type) ?? LONGEST))
      throw damaged('A record of this workbook is longer than its kind may be, so others would be lost.')
    else if (type === EOF) depth -= 1
    else if (type === FILEPASS) throw encrypted()
    else if (type === BOUNDSHEET && length >= 4) sheets.push(stream.readUInt32LE(at + 4))
    else if (type === 0) throw damaged('A stretch of this workbook has been lost.')
  }
  if (
    begins.size === 0 ||
    depth > 0 ||
    sheets.some((at) => !begins.has(at)) ||
    (sheets.length > 0 && worksheets.some((at) => !sheets.includes(at)))
  ) {
    throw damaged('This workbook is cut off: sheets are missing.')
  }
  checkStrings(textTable(stream))
}

/** The record that holds all texts, and those that continue it. */
function textTable(stream: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (const { type, at, length } of records(stream)) {
    if (type === SST || (type === CONTINUE && pieces.length > 0)) pieces.push(stream.subarray(at + 4, at + 4 + length))
    else if (pieces.length > 0) break
  }
  return pieces
}

function* records(stream: Buffer): Generator<{ type: number; at: number; length: number }> {
  for (let at = 0; at + 4 <= stream.length; ) {
    const length = stream.readUInt16LE(at + 2)
    yield { type: stream.readUInt16LE(at), at, length }
    at += 4 + length
  }
}
