import type { Cell } from '../cell.ts'
import { cleanText } from '../clean-text.ts'
import { type NumberFormatKind, numberFormatKind } from '../number-format.ts'
import { serialToDate, serialToTime } from '../serial-date.ts'
import { formatNumber, type LibraryCell } from './sheetjs.ts'

/** Error codes of BIFF and XLSB ([MS-XLS] 2.5.10 BErr); the library gives them as numbers. */
const ERRORS: Record<number, string> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
  43: '#GETTING_DATA',
}

/** A cell of the library as one of ours. A formula cell has its cached value; an empty text is no value. */
export function toCell(cell: LibraryCell | undefined, date1904: boolean): Cell {
  if (cell === undefined) return null
  const { t, v } = cell
  if (t === 's') return toText(v)
  if (t === 'n') return typeof v === 'number' ? toNumber(v, cell, date1904) : null
  if (t === 'b') return v === true || v === 1
  if (t === 'e') return { type: 'error', code: cell.w ?? (typeof v === 'number' ? ERRORS[v] : undefined) ?? '#VALUE!' }
  return null
}

function toText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cleanText(value) || null : null
}

function toNumber(value: number, cell: LibraryCell, date1904: boolean): Cell {
  if (!Number.isFinite(value)) return { type: 'error', code: '#NUM!' }
  const format = cell.z ?? 'General'
  const kind = numberFormatKind(format)
  if (kind === 'general') return unformatted(value, cell.w)
  if (kind !== 'number') {
    const date = dateValue(value, kind, date1904)
    if (date !== undefined) {
      // The library fails on formats such as dd.mm.yyyy and gives the plain number, which nobody means by a date.
      const text = seen(value, format, cell.w, date1904)
      return { type: 'date', value: date, text: text === String(value) ? date : text }
    }
  }
  const text = seen(value, format, cell.w, date1904)
  return text.trim() === '' ? value : { type: 'number', value, text }
}

/** OpenDocument tells what is seen also where its format is unknown to the library: "12.5%", "5,00 €". */
function unformatted(value: number, text: string | undefined): Cell {
  return text === undefined || /^[-+\d.,\sE]*$/i.test(text) ? value : { type: 'number', value, text }
}

type DateKind = Exclude<NumberFormatKind, 'general' | 'number'>

/**
 * A whole day in a date format is a date; with a time of day, or in a format that shows one, it is a date-time.
 * A duration of a day or more ("30:45:23") is neither and stays a number.
 */
function dateValue(serial: number, kind: DateKind, date1904: boolean): string | undefined {
  const isTime = kind === 'time' || kind === 'elapsed' || (kind === 'datetime' && !date1904)
  if (isTime && serial >= 0 && serial < 1) return serialToTime(serial)
  if (kind === 'elapsed') return undefined
  const found = serialToDate(serial, date1904)
  if (!found) return undefined
  return kind === 'date' && found.time === '00:00:00' ? found.date : `${found.date}T${found.time}`
}

const texts = new Map<string, string>()
const MAX_TEXTS = 20_000

/** Formatting costs microseconds and the same dates come again and again, so the last texts are kept. */
function seen(value: number, format: string, told: string | undefined, date1904: boolean): string {
  if (told !== undefined) return told
  const key = `${date1904 ? '4' : '0'}${format}\0${value}`
  const known = texts.get(key)
  if (known !== undefined) return known
  if (texts.size > MAX_TEXTS) texts.clear()
  const text = tryFormat(value, format, date1904)
  texts.set(key, text)
  return text
}

/** A format that the library can't read shows the plain number, as spreadsheet programs do. */
function tryFormat(value: number, format: string, date1904: boolean): string {
  try {
    return formatNumber(format, value, date1904)
  } catch {
    return String(value)
  }
}
