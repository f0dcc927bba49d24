import type { Quote } from '../spreadsheets/csv/dialect.ts'
import type { Dialect, SheetInfo } from '../spreadsheets/spreadsheet.ts'
import { plural } from './format.ts'

/** The encodings that a person can choose from; any other can be named through the API. */
export const ENCODING_WORDS: Record<string, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'windows-1252': 'Windows-1252, Western Europe',
  'windows-1250': 'Windows-1250, Central Europe',
  'windows-1251': 'Windows-1251, Cyrillic',
  'windows-1253': 'Windows-1253, Greek',
  'windows-1254': 'Windows-1254, Turkish',
  'windows-1255': 'Windows-1255, Hebrew',
  'windows-1256': 'Windows-1256, Arabic',
  'windows-1257': 'Windows-1257, Baltic',
  'windows-1258': 'Windows-1258, Vietnamese',
  'windows-874': 'Windows-874, Thai',
  'iso-8859-2': 'ISO-8859-2, Central Europe',
  'iso-8859-15': 'ISO-8859-15, Western Europe',
  'koi8-r': 'KOI8-R, Cyrillic',
  ibm866: 'IBM 866, Cyrillic of DOS',
  macintosh: 'Mac Roman',
  shift_jis: 'Shift JIS, Japanese',
  'euc-jp': 'EUC-JP, Japanese',
  'euc-kr': 'EUC-KR, Korean',
  big5: 'Big5, traditional Chinese',
  gb18030: 'GB 18030, simplified Chinese',
}

/** What separates the cells of a text, as a form sends it, and how it is called in a sentence. */
export const DELIMITERS: { value: string; sign: string; label: string; words: string }[] = [
  { value: 'comma', sign: ',', label: 'Comma', words: 'commas' },
  { value: 'semicolon', sign: ';', label: 'Semicolon', words: 'semicolons' },
  { value: 'tab', sign: '\t', label: 'Tab', words: 'tabs' },
  { value: 'bar', sign: '|', label: 'Bar', words: 'bars' },
]

/** What encloses cells of a text, as a person chooses it. */
export const QUOTE_LABELS: Record<Quote, string> = {
  double: 'Quotation marks',
  single: 'Apostrophes',
  none: 'None: they are text',
}

export function encodingWords(encoding: string): string {
  return ENCODING_WORDS[encoding] ?? encoding
}

/** "text in Windows-1251, Cyrillic, separated by semicolons"; of the quotes only what is not as usual. */
export function textWords({ encoding, delimiter, quote, escape: escapeSign }: Dialect): string {
  const words = [`text in ${encodingWords(encoding)}`, `separated by ${delimiterWords(delimiter)}`]
  if (quote === "'") words.push('quoted by apostrophes')
  if (quote === '') words.push('with quotation marks as part of the text')
  if (escapeSign === '\\') words.push('with backslashes before quotes inside cells')
  return words.join(', ')
}

function delimiterWords(delimiter: string): string {
  return DELIMITERS.find(({ sign }) => sign === delimiter)?.words ?? `“${delimiter}”`
}

/** "Prices (1,204 rows)", "Old prices (hidden, 12 rows)", "Notes (empty)" */
export function sheetWords({ name, hidden, empty, rows }: SheetInfo): string {
  const size = empty ? 'empty' : rows !== undefined && plural(rows, 'row')
  const state = [hidden && 'hidden', size].filter(Boolean).join(', ')
  return state === '' ? name : `${name} (${state})`
}
