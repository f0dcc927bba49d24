import type { ColumnType, DateOrder, DecimalSign } from './column.ts'
import type { ColumnEvidence, Fit } from './column-evidence.ts'
import { parseDateTime } from './dates.ts'
import { looseKey } from './header-key.ts'
import { longDate } from './long-date.ts'
import { parseNumber } from './numbers.ts'

/** The type that the cells of a column speak for, with what says so. */
export type ProposedType = {
  type: ColumnType
  choices: string[]
  dateOrder: DateOrder | null
  decimal: DecimalSign | null
  evidence: string[]
}

/** What the columns of the file that leave no doubt have in common, for those that do. */
export type Habits = { decimal: DecimalSign | null; order: DateOrder | null }

/** A type is proposed when at least this share of the filled cells fits it; of ten or more one may always be left. */
const ENOUGH = 0.95
const ONE_MAY_MISS = 10
/** A type that at least this share fits is named as what the column is not. */
const NEARLY = 0.5
const MOST_CHOICES = 12
const FEWEST_ROWS_FOR_CHOICES = 20
const LONGEST_CHOICE = 60
const ORDER_WORDS: Record<DateOrder, string> = { dmy: 'day/month/year', mdy: 'month/day/year', ymd: 'year/month/day' }

export function proposeType(seen: ColumnEvidence, habits: Habits): ProposedType {
  if (seen.filled === 0) return plain('text', ['no values in the file, so it is text'])
  if (seen.booleanWords > 0 && enough(seen.boolean, seen)) return fitting('boolean', 'yes/no', seen.boolean, seen)
  return (
    proposeDate(seen, habits) ??
    proposeNumber(seen, habits) ??
    (enough(seen.email, seen) ? fitting('email', 'e-mail address', seen.email, seen) : undefined) ??
    (enough(seen.url, seen) ? fitting('url', 'web address', seen.url, seen) : undefined) ??
    proposeChoices(seen) ??
    plain('text', [nearMiss(seen) ?? 'text'])
  )
}

/** What the columns that can be read in one way only agree on; null where they don't, or where there are none. */
export function commonHabits(columns: ColumnEvidence[]): Habits {
  const decimals = columns.map(certainDecimal).filter((decimal) => decimal !== null)
  const orders = columns.map(certainOrder).filter((order) => order !== null)
  return { decimal: agreed(decimals), order: agreed(orders) }
}

function agreed<T>(found: T[]): T | null {
  const [first] = found
  return first !== undefined && found.every((other) => other === first) ? first : null
}

function certainDecimal({ number: { point, comma }, filled }: ColumnEvidence): DecimalSign | null {
  if (point.count === comma.count || Math.max(point.count, comma.count) < filled * ENOUGH) return null
  return point.count > comma.count ? 'point' : 'comma'
}

function certainOrder({ date, filled }: ColumnEvidence): DateOrder | null {
  const best = bestOrder(date)
  if (date[best].count <= date.iso.count || date[best].count < filled * ENOUGH) return null
  return date.dmy.count === date.mdy.count && best !== 'ymd' ? null : best
}

function bestOrder(date: ColumnEvidence['date']): DateOrder {
  const orders: DateOrder[] = ['dmy', 'mdy', 'ymd']
  return orders.reduce((best, order) => (date[order].count > date[best].count ? order : best))
}

function proposeDate(seen: ColumnEvidence, habits: Habits): ProposedType | undefined {
  const { date, timesOfDay } = seen
  const isIso = enough(date.iso, seen) && bestCount(date) === date.iso.count
  const best = bestOrder(date)
  const undecided = !isIso && best === 'dmy' && date.dmy.count === date.mdy.count && seen.eitherOrder > 0
  const fit = date[isIso ? 'iso' : best]
  if (!enough(fit, seen)) return undefined
  const like = habits.order === 'dmy' || habits.order === 'mdy' ? habits.order : null
  const order = isIso ? null : undecided ? like : best
  const proposed = timesOfDay > 0 ? fitting('datetime', 'date and time', fit, seen) : fitting('date', 'date', fit, seen)
  proposed.dateOrder = order
  if (undecided) proposed.evidence.push(...undecidedOrder(seen, order))
  else if (order !== null) proposed.evidence.push(`dates in text, read as ${ORDER_WORDS[order]}`)
  return proposed
}

function bestCount(date: ColumnEvidence['date']): number {
  return Math.max(...Object.values(date).map((fit) => fit.count))
}

function undecidedOrder({ eitherOrder, eitherDates }: ColumnEvidence, order: DateOrder | null): string[] {
  const dates = eitherOrder === 1 ? '1 date' : `${figure(eitherOrder)} dates`
  const now =
    order === null
      ? 'left open, and asked with the first import unless you say it below'
      : `set to ${ORDER_WORDS[order]} like the other dates of the file, please check`
  const readings = eitherDates.map((text) => `${text} is ${dayOf(text, 'dmy')} or ${dayOf(text, 'mdy')}`)
  return [`no day above 12 in ${dates}, so day and month can't be told apart: ${now}`, ...readings]
}

function dayOf(text: string, order: DateOrder): string {
  const date = parseDateTime(text, order)
  return typeof date === 'string' ? longDate(date) : text
}

function proposeNumber(seen: ColumnEvidence, habits: Habits): ProposedType | undefined {
  const { point, comma } = seen.number
  const undecided = point.count === comma.count && seen.eitherDecimal > 0
  const likely = comma.count > point.count || (undecided && habits.decimal === 'comma') ? 'comma' : 'point'
  const fit = seen.number[likely]
  if (!enough(fit, seen)) return undefined
  const reason = identifierReason(seen)
  if (reason !== undefined) return plain('text', [`${reason}, so it stays text`])
  const isOpen = undecided && habits.decimal === null
  const isWhole = seen.integer[likely].count === fit.count && !isOpen
  const proposed = isWhole ? fitting('integer', 'whole number', fit, seen) : fitting('number', 'number', fit, seen)
  // Where no cell shows a sign the first file that has one shows it, or is asked about.
  proposed.decimal = isOpen || (point.count === comma.count && !undecided) ? null : likely
  if (undecided) proposed.evidence.push(...undecidedDecimal(seen, proposed.decimal))
  else if (point.count !== comma.count) proposed.evidence.push(`numbers in text, read with decimal ${likely}`)
  if (seen.percents > 0) proposed.evidence.push('percent: 50% is kept as 0.5')
  if (seen.currencies > 0) proposed.evidence.push('amounts of money: the number is kept, the currency is not')
  return proposed
}

function undecidedDecimal({ eitherDecimal, eitherNumbers }: ColumnEvidence, decimal: DecimalSign | null): string[] {
  const values = eitherDecimal === 1 ? '1 value' : `${figure(eitherDecimal)} values`
  const now =
    decimal === null
      ? 'left open, and asked with the first import unless you say it below'
      : `set to decimal ${decimal} like the other numbers of the file, please check`
  const readings = eitherNumbers.map(
    (text) => `${text} is ${parseNumber(text, 'point')} with decimal point, ${parseNumber(text, 'comma')} with comma`,
  )
  return [`decimal sign and separator of thousands can't be told apart in ${values}: ${now}`, ...readings]
}

/** Why a column that is mostly of one type is text all the same: "text, as only 90 of 100 cells are numbers; …". */
function nearMiss(seen: ColumnEvidence): string | undefined {
  const { number, date, boolean, booleanWords, email, url, filled } = seen
  const most = (fits: Fit[]) => fits.reduce((best, fit) => (fit.count > best.count ? fit : best))
  const candidates: [string, Fit][] = [
    ['dates', most(Object.values(date))],
    ['numbers', most(Object.values(number))],
    ['e-mail addresses', email],
    ['web addresses', url],
    ...(booleanWords > 0 ? ([['yes or no', boolean]] as [string, Fit][]) : []),
  ]
  const [what, fit] = candidates.reduce((best, each) => (each[1].count > best[1].count ? each : best))
  if (fit.count < filled * NEARLY || fit.count === filled) return undefined
  return `text, as only ${figure(fit.count)} of ${figure(filled)} cells are ${what}; ${missedRows(fit, filled, { one: 'is not', more: 'are not' })}`
}

/** Why digits are a name and not an amount; undefined when nothing says so. */
function identifierReason({ leadingZeros, leadingPlus, longDigits }: ColumnEvidence): string | undefined {
  if (leadingZeros > 0) return 'leading zeros'
  if (longDigits > 0) return 'more than 15 digits'
  return leadingPlus > 0 ? 'a plus sign before the digits, as in phone numbers' : undefined
}

function proposeChoices({ variants, filled, longest }: ColumnEvidence): ProposedType | undefined {
  if (variants === null || filled < FEWEST_ROWS_FOR_CHOICES || longest > LONGEST_CHOICE) return undefined
  const groups = byLooseKey(variants)
  const seenOnce = groups.filter(({ count }) => count === 1).length
  if (groups.length < 2 || groups.length > MOST_CHOICES || seenOnce * 2 > groups.length) return undefined
  const counted = groups.slice(0, 5).map(({ text, count }) => `${text} (${figure(count)})`)
  const more = groups.length > 5 ? ', …' : ''
  const evidence = [`only ${groups.length} different values: ${counted.join(', ')}${more}`]
  return { ...plain('choice', evidence), choices: groups.map(({ text }) => text) }
}

/** Different spellings of one value together, under the most frequent spelling; the most frequent value first. */
function byLooseKey(variants: Map<string, number>): { text: string; count: number }[] {
  const groups = new Map<string, { text: string; count: number; most: number }>()
  for (const [text, count] of variants) {
    const key = looseKey(text)
    const group = groups.get(key)
    const isMost = group === undefined || count > group.most
    groups.set(key, {
      text: isMost ? text : group.text,
      count: (group?.count ?? 0) + count,
      most: isMost ? count : group.most,
    })
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}

function enough(fit: Fit, { filled }: ColumnEvidence): boolean {
  return filled > 0 && (fit.count >= filled * ENOUGH || (filled >= ONE_MAY_MISS && fit.count === filled - 1))
}

function plain(type: ColumnType, evidence: string[]): ProposedType {
  return { type, choices: [], dateOrder: null, decimal: null, evidence }
}

/** "date, 998 of 1,000 fit; rows 17 and 403 do not" */
function fitting(type: ColumnType, label: string, fit: Fit, { filled }: ColumnEvidence): ProposedType {
  if (fit.count === filled)
    return plain(type, [`${label}, ${filled === 1 ? 'the one value fits' : `all ${figure(filled)} fit`}`])
  const rows = missedRows(fit, filled, { one: 'does not', more: 'do not' })
  return plain(type, [`${label}, ${figure(fit.count)} of ${figure(filled)} fit; ${rows}`])
}

/** "row 17 does not", "rows 17 and 403 do not", "rows 2, 3, 4 and 2 more do not" */
function missedRows(fit: Fit, filled: number, { one, more }: { one: string; more: string }): string {
  const missed = filled - fit.count
  const named = fit.misses.map(String)
  const last = missed > named.length ? `${figure(missed - named.length)} more` : (named.pop() ?? '')
  return named.length === 0 ? `row ${last} ${one}` : `rows ${named.join(', ')} and ${last} ${more}`
}

export function figure(count: number): string {
  return count.toLocaleString('en-US')
}
