import type { ColumnType, DateOrder, DecimalSign } from './column.ts'
import type { ColumnEvidence, Fit } from './column-evidence.ts'
import { looseKey } from './header-key.ts'

/** The type that the cells of a column speak for, with what says so. */
export type ProposedType = {
  type: ColumnType
  choices: string[]
  dateOrder: DateOrder | null
  decimal: DecimalSign
  evidence: string[]
}

/** What the columns of the file that leave no doubt have in common, for those that do. */
export type Habits = { decimal: DecimalSign | null; order: DateOrder | null }

/** A type is proposed when at least this share of the filled cells fits it. */
const ENOUGH = 0.95
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
    plain('text', ['text'])
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
  const order = isIso ? null : undecided && habits.order === 'mdy' ? 'mdy' : best
  const fit = date[order ?? 'iso']
  if (!enough(fit, seen)) return undefined
  const proposed = timesOfDay > 0 ? fitting('datetime', 'date and time', fit, seen) : fitting('date', 'date', fit, seen)
  proposed.dateOrder = order
  if (undecided && order !== null) proposed.evidence.push(undecidedOrder(seen, order, habits))
  else if (order !== null) proposed.evidence.push(`dates in text, read as ${ORDER_WORDS[order]}`)
  return proposed
}

function bestCount(date: ColumnEvidence['date']): number {
  return Math.max(...Object.values(date).map((fit) => fit.count))
}

function undecidedOrder({ eitherOrder }: ColumnEvidence, order: DateOrder, habits: Habits): string {
  const like = habits.order === order ? ' like the other dates of the file' : ''
  const dates = eitherOrder === 1 ? '1 date' : `${figure(eitherOrder)} dates`
  return `no day above 12 in ${dates}, so day and month can't be told apart: set to ${ORDER_WORDS[order]}${like}, please check`
}

function proposeNumber(seen: ColumnEvidence, habits: Habits): ProposedType | undefined {
  const { point, comma } = seen.number
  const undecided = point.count === comma.count && seen.eitherDecimal > 0
  const decimal = comma.count > point.count || (undecided && habits.decimal === 'comma') ? 'comma' : 'point'
  const fit = seen.number[decimal]
  if (!enough(fit, seen)) return undefined
  const reason = identifierReason(seen)
  if (reason !== undefined) return plain('text', [`${reason}, so it stays text`])
  const isWhole = seen.integer[decimal].count === fit.count
  const proposed = isWhole ? fitting('integer', 'whole number', fit, seen) : fitting('number', 'number', fit, seen)
  proposed.decimal = decimal
  if (undecided) proposed.evidence.push(undecidedDecimal(seen, decimal, habits))
  else if (point.count !== comma.count) proposed.evidence.push(`numbers in text, read with decimal ${decimal}`)
  return proposed
}

function undecidedDecimal({ eitherDecimal }: ColumnEvidence, decimal: DecimalSign, habits: Habits): string {
  const like = habits.decimal === decimal ? ' like the other numbers of the file' : ''
  const values = eitherDecimal === 1 ? '1 value' : `${figure(eitherDecimal)} values`
  return `decimal point and thousands separator can't be told apart in ${values}: set to decimal ${decimal}${like}, please check`
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
  return filled > 0 && fit.count >= filled * ENOUGH
}

function plain(type: ColumnType, evidence: string[]): ProposedType {
  return { type, choices: [], dateOrder: null, decimal: 'point', evidence }
}

/** "date, 998 of 1,000 fit; rows 17 and 403 do not" */
function fitting(type: ColumnType, label: string, fit: Fit, { filled }: ColumnEvidence): ProposedType {
  if (fit.count === filled)
    return plain(type, [`${label}, ${filled === 1 ? 'the one value fits' : `all ${figure(filled)} fit`}`])
  const missed = filled - fit.count
  const named = fit.misses.map(String)
  const last = missed > named.length ? `${figure(missed - named.length)} more` : (named.pop() ?? '')
  const rows = named.length === 0 ? `row ${last} does not` : `rows ${named.join(', ')} and ${last} do not`
  return plain(type, [`${label}, ${figure(fit.count)} of ${figure(filled)} fit; ${rows}`])
}

export function figure(count: number): string {
  return count.toLocaleString('en-US')
}
