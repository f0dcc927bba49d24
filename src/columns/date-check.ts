import { cellText } from './cell-text.ts'
import { type Checked, type FilledCell, type FilledCheck, type Misfit, misfit } from './checked.ts'
import type { Column, DateOrder } from './column.ts'
import { type DateFault, isIsoDate, isIsoDateTime, parseDate, parseDateTime } from './dates.ts'
import { longDay } from './long-date.ts'

/** How each order is called and looks; a column without an order takes ISO dates. */
export const DATE_EXAMPLES: Record<DateOrder | 'iso', { words: string; example: string }> = {
  dmy: { words: 'day/month/year', example: '28/02/2024' },
  mdy: { words: 'month/day/year', example: '02/28/2024' },
  ymd: { words: 'year-month-day', example: '2024-02-28' },
  iso: { words: 'YYYY-MM-DD', example: '2024-02-28' },
}

/** The check of a date column, which takes the date of a date-time, or of a date-time column, which takes a date as its midnight. */
export function compileDateCheck(column: Column): FilledCheck {
  const outside = compileBounds(column)
  const parse = column.type === 'datetime' ? parseDateTime : parseDate
  return (cell): Checked => {
    const read =
      typeof cell === 'string'
        ? parse(cell, column.dateOrder)
        : typeof cell === 'object' && cell.type === 'date'
          ? fromDateCell(cell.value, column)
          : NO_DATE_CELL
    if (typeof read !== 'string') return explain(column, cell, read)
    return outside(read, cell) ?? read
  }
}

const NO_DATE_CELL: DateFault = { fault: 'not_date' }

function fromDateCell(value: string, column: Column): string | DateFault {
  if (isIsoDate(value)) return column.type === 'datetime' ? `${value}T00:00:00` : value
  const moment = value.length > 19 ? value.slice(0, 19) : value
  if (!isIsoDateTime(moment)) return NO_DATE_CELL
  return column.type === 'datetime' ? moment : moment.slice(0, 10)
}

function explain(column: Column, cell: FilledCell, { fault }: DateFault): Misfit {
  const code = column.type === 'datetime' ? 'not_datetime' : 'not_date'
  if (fault === 'ambiguous') return misfit(column, 'ambiguous_date', cell, ambiguous(cellText(cell)))
  if (fault === 'zone') {
    return misfit(column, code, cell, `carries a time zone. Times here are local and have none, ${expected(column)}.`)
  }
  if (fault === 'bad_time') return misfit(column, code, cell, `has no valid time of day, ${expected(column)}.`)
  return misfit(column, code, cell, notDate(column, cell))
}

function notDate(column: Column, cell: FilledCell): string {
  const noun = column.type === 'datetime' ? 'date and time' : 'date'
  if (typeof cell === 'boolean') return `is a yes/no value, not a ${noun}.`
  if (typeof cell === 'object' && cell.type === 'date') return `is a time of day without a date, ${expected(column)}.`
  if (typeof cell !== 'string' || /^[-+]?\d+(?:[.,]\d+)?$/.test(cell)) {
    return `is a number, not a ${noun}. If it is an Excel date, format the cells as dates.`
  }
  return `is not a ${noun}, ${expected(column)}.${hint(column, cell)}`
}

function expected(column: Column): string {
  const { words, example } = DATE_EXAMPLES[column.dateOrder ?? 'iso']
  const time = column.type === 'datetime'
  return `expected ${words}${time ? ' and time' : ''}, for example ${example}${time ? ' 10:30' : ''}`
}

/** Says so when the text is a date in another order than the column's, or in any order where the column has none. */
function hint(column: Column, text: string): string {
  const order = (['dmy', 'mdy', 'ymd'] as const).find((order) => typeof parseDateTime(text, order) === 'string')
  if (order === undefined) return ''
  const advice = column.dateOrder === null ? ', set this column to that order or use cells formatted as dates' : ''
  return ` It looks like ${DATE_EXAMPLES[order].words}${advice}.`
}

function ambiguous(text: string): string {
  const readings = (['dmy', 'mdy'] as const).map((order) => {
    const date = parseDateTime(text.trim(), order)
    return typeof date === 'string' ? longDay(date) : ''
  })
  return `could be ${readings.join(' or ')}; say which order this column uses, or write YYYY-MM-DD.`
}

/** The check against `min` and `max`; null is within. A bound without a time means the whole day. */
function compileBounds(column: Column): (date: string, cell: FilledCell) => Misfit | null {
  const longest = column.type === 'datetime' ? 19 : 10
  const min = column.min === null ? '' : String(column.min).slice(0, longest)
  const max = column.max === null ? '' : String(column.max).slice(0, longest)
  return (date, cell) => {
    if (min !== '' && date.slice(0, Math.max(10, min.length)) < min) {
      return misfit(column, 'too_small', cell, `is before ${min}, the earliest allowed.`)
    }
    if (max !== '' && date.slice(0, Math.max(10, max.length)) > max) {
      return misfit(column, 'too_large', cell, `is after ${max}, the latest allowed.`)
    }
    return null
  }
}
