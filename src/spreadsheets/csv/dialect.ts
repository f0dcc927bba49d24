import Papa from 'papaparse'
import { SpreadsheetError } from '../spreadsheet.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const
/** Some programs put a blank after each delimiter; it counts as part of it where quotes follow it. */
const SPACED = [', ', '; '] as const
/** Some double a sign, lest one that is in a cell be taken for it. */
const DOUBLED = ['||', '::'] as const
export type Delimiter = (typeof DELIMITERS)[number] | (typeof SPACED)[number] | (typeof DOUBLED)[number]

/** How many characters of the text are looked at. */
export const DIALECT_WINDOW = 64 * 1024

/**
 * How a text is read. `escape` makes a quote inside quotes part of the text: the quote itself, or a backslash. `skip` is
 * how many characters at the start say the delimiter and are not a row (`sep=;` and its line end).
 */
export type CsvDialect = { delimiter: string; quote: QuoteSign; escape: QuoteSign | '\\'; skip: number }

/** What encloses cells: quotation marks, apostrophes, or nothing, so that both are part of the text. */
export const QUOTES = ['double', 'single', 'none'] as const
export type Quote = (typeof QUOTES)[number]
/** Stands for a quote that there is none: NULs have been dropped from the text. */
export const NO_QUOTE = '\0'
type QuoteSign = '"' | "'" | typeof NO_QUOTE

/** The window, and whether it is the whole file; else its last record is cut and does not count. */
type Window = { text: string; isAll: boolean }
type Quoting = Pick<CsvDialect, 'quote' | 'escape'>

const PLAIN: Quoting = { quote: '"', escape: '"' }
const BACKSLASH: Quoting = { quote: '"', escape: '\\' }
const SINGLE: Quoting = { quote: "'", escape: "'" }
const UNQUOTED: Quoting = { quote: NO_QUOTE, escape: NO_QUOTE }

/** Which quotings may be meant, by what a person said: the usual one first. */
const QUOTINGS: Record<Quote | 'unsaid', [usual: Quoting, ...others: Quoting[]]> = {
  unsaid: [PLAIN, BACKSLASH, SINGLE],
  double: [PLAIN, BACKSLASH],
  single: [SINGLE],
  none: [UNQUOTED],
}

/** As a person named them, instead of what the text looks like. */
export type AskedDialect = { delimiter?: string; quote?: Quote }

/**
 * Finds the delimiter and the quoting over a stretch of text: the delimiter that gives the most records the same number
 * of fields, quotes respected. One line alone misleads: a header of one column, a comma in a title, decimal commas in
 * every row. A quoting other than RFC 4180's is taken only where that one does not fit and the other does. What a person
 * named is not looked for. Throws a SpreadsheetError for a delimiter that can't be one.
 */
export function detectDialect(text: string, isAll: boolean, asked: AskedDialect = {}): CsvDialect {
  const told = /^sep=(.)(?:\n|$)/i.exec(text)
  const named = DELIMITERS.find((each) => each === told?.[1])
  const skip = told && named ? told[0].length : 0
  const window = { text: text.slice(skip), isAll }
  const delimiter = asked.delimiter === undefined ? named : checkedDelimiter(asked.delimiter)
  const [usual, ...others] = QUOTINGS[asked.quote ?? 'unsaid']
  const plain = best(window, usual, delimiter)
  const other = others
    .filter((quoting) => isLikely(window, quoting))
    .map((quoting) => best(window, quoting, delimiter))
    .find((each) => fits(window, each, plain))
  const { delimiter: found, quoting } = other ?? plain
  return { delimiter: found, ...quoting, skip }
}

/** A delimiter that a person named. Throws a SpreadsheetError for what can't be one. */
function checkedDelimiter(asked: string): string {
  if (isDelimiter(asked)) return asked
  throw new SpreadsheetError(
    'unknown_option',
    `"${asked}" can't separate the cells of a text.`,
    'Name a comma, a semicolon, a tab or one or two other signs, with a blank after them or without.',
  )
}

/** Whether a text can separate cells: one or two signs, neither letter, digit nor quote, with a blank behind or without. */
export function isDelimiter(text: string): boolean {
  return /^[^\s"'\\\p{L}\p{N}\ufeff\ud800-\udfff]{0,2} ?$|^\t$/u.test(text) && text.length > 0
}

/** How much it counts that no delimiter is left in the cells, where 1 is that all rows have as many cells. */
const CLEAN = 0.25

type Candidate = { delimiter: string; quoting: Quoting; score: number }

function best(window: Window, quoting: Quoting, delimiter: string | undefined): Candidate {
  const among = delimiter === undefined ? candidates(window.text, quoting) : [delimiter]
  let found: Candidate = { delimiter: delimiter ?? ',', quoting, score: 0 }
  for (const each of among) {
    if (!window.text.includes(each)) continue
    const score = rate(parse(window, each, quoting).records, each, quoting)
    if (score > found.score) found = { delimiter: each, quoting, score }
  }
  return found
}

function candidates(text: string, quoting: Quoting): string[] {
  return [...doubledIn(text), ...DELIMITERS, ...spacedIn(text, quoting)]
}

/** A sign counts as doubled where the header has no single one: elsewhere two are an empty cell, or an IPv6 address. */
function doubledIn(text: string): string[] {
  const [header = ''] = text.split('\n', 1)
  return DOUBLED.filter((each) => header.includes(each) && !header.replaceAll(each, '').includes(each.charAt(0)))
}

/** Without quotes after them, blanks are better left in the cells, for they are trimmed later and can't be missed. */
function spacedIn(text: string, { quote }: Quoting): string[] {
  return SPACED.filter((each) => text.includes(each + quote))
}

function isLikely({ text }: Window, quoting: Quoting): boolean {
  if (quoting === BACKSLASH) return text.includes('\\"')
  if (text.includes('"')) return false
  const ends = text.match(/'[ \t]*(?=[,;\t|\n]|$)/g)?.length ?? 0
  const starts = text.match(/(?:^|[,;\t|\n] ?)'/g)?.length ?? 0
  const lines = text.split('\n').length - 1
  return starts > 1 && starts >= lines / 2 && Math.abs(starts - ends) <= starts / 10
}

/** Another quoting is right when it leaves no quote out of place, and RFC 4180's does worse. */
function fits(window: Window, other: Candidate, plain: Candidate): boolean {
  const { records, misplaced } = parse(window, other.delimiter, other.quoting)
  if (misplaced > 0 || records.length === 0) return false
  const otherwise = parse(window, plain.delimiter, plain.quoting)
  if (other.quoting.quote === '"') return otherwise.misplaced > 0
  // Cells that were cut in two may still be as many in every row, and none of them has a delimiter left.
  const isCut = otherwise.records.some((record) => record.some(isHalfInApostrophes))
  return other.score >= plain.score - (isCut ? CLEAN : 0)
}

function isHalfInApostrophes(field: string): boolean {
  return /^\s*'/.test(field) !== /'\s*$/.test(field)
}

function parse({ text, isAll }: Window, delimiter: string, { quote: quoteChar, escape: escapeChar }: Quoting) {
  const options = { delimiter, newline: '\n', quoteChar, escapeChar } as const
  const { data, errors } = Papa.parse<string[]>(text, options)
  const whole = isAll || data.length < 2 ? data : data.slice(0, -1)
  const records = whole.filter((record) => record.some((field) => field.trim() !== ''))
  const misplaced = errors.filter(({ type, row = 0 }) => type === 'Quotes' && (isAll || row < data.length - 1)).length
  return { records, misplaced }
}

function rate(records: string[][], delimiter: string, quoting: Quoting): number {
  const counts = new Map<number, number>()
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1)
  const [width, times] = [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [1, 0])
  if (width < 2) return 0
  const consistency = times / records.length
  const headerFits = records[0]?.length === width ? 1 : 0
  // Taken for two delimiters, a doubled one would make an empty column between every two.
  const signs = DOUBLED.some((each) => each === delimiter) ? width * 2 : width
  return consistency + 0.5 * headerFits + CLEAN * cleanShare(records, delimiter, quoting) + 0.01 * Math.min(signs, 20)
}

/**
 * The share of fields with text in which no other delimiter is left. A decimal comma is none, for "1,5;2,5" is two
 * numbers, and neither is one before a blank, as in "Doe, Jane". A field with half a pair of quotes counts against, since
 * the wrong delimiter cuts quoted fields in two, and so does one with a blank before its quote, which then is none.
 */
function cleanShare(records: string[][], delimiter: string, { quote }: Quoting): number {
  const others = new RegExp(`[${DELIMITERS.filter((each) => !delimiter.startsWith(each)).join('')}](?! )`)
  let fields = 0
  let clean = 0
  for (const record of records) {
    for (const field of record) {
      if (field === '') continue
      fields += 1
      if (isHalfQuoted(field, quote)) clean -= 1
      else if (/^\s*[-+]?\d[\d.,\s]*\s*$/.test(field) || !others.test(field)) clean += 1
    }
  }
  return clean / fields
}

/** An apostrophe by itself is half of nothing: it is in many names. */
function isHalfQuoted(field: string, quote: string): boolean {
  return field.startsWith(` ${quote}`) || (quote === '"' && field.split(quote).length % 2 === 0)
}
