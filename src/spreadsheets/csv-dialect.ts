import Papa from 'papaparse'

export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** How many characters of the text are looked at. */
export const DIALECT_WINDOW = 64 * 1024

/** The delimiter, and how many characters at the start say so and are not a row (`sep=;` and its line end). */
export type CsvDialect = { delimiter: Delimiter; skip: number }

/**
 * Finds the delimiter over a stretch of text: the one that gives the most records the same number of fields, quotes
 * respected. One line alone misleads: a header of one column, a comma in a title, decimal commas in every row.
 * @param isAll whether `text` is the whole file; else its last record is cut and does not count.
 */
export function detectDialect(text: string, isAll: boolean): CsvDialect {
  const told = /^sep=(.)(?:\n|$)/i.exec(text)
  const delimiter = DELIMITERS.find((each) => each === told?.[1])
  if (told && delimiter) return { delimiter, skip: told[0].length }
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    if (!text.includes(delimiter)) continue
    const score = rate(parse(text, delimiter, isAll), delimiter)
    if (score > best.score) best = { delimiter, score }
  }
  return { delimiter: best.delimiter, skip: 0 }
}

function parse(text: string, delimiter: Delimiter, isAll: boolean): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter, newline: '\n' })
  const records = isAll || data.length < 2 ? data : data.slice(0, -1)
  return records.filter((record) => record.some((field) => field.trim() !== ''))
}

function rate(records: string[][], delimiter: Delimiter): number {
  const counts = new Map<number, number>()
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1)
  const [width, times] = [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [1, 0])
  if (width < 2) return 0
  const consistency = times / records.length
  const headerFits = records[0]?.length === width ? 1 : 0
  return consistency + 0.5 * headerFits + 0.25 * cleanShare(records, delimiter) + 0.01 * Math.min(width, 20)
}

/**
 * The share of fields in which no other delimiter is left. A decimal comma is none, for "1,5;2,5" is two numbers, and
 * neither is one before a blank, as in "Doe, Jane". A field
 * with half a pair of quotes counts against, since the wrong delimiter cuts quoted fields in two.
 */
function cleanShare(records: string[][], delimiter: Delimiter): number {
  const others = new RegExp(`[${DELIMITERS.filter((each) => each !== delimiter).join('')}](?! )`)
  let fields = 0
  let clean = 0
  for (const record of records) {
    for (const field of record) {
      fields += 1
      if (field.split('"').length % 2 === 0) clean -= 1
      else if (/^\s*[-+]?\d[\d.,\s]*\s*$/.test(field) || !others.test(field)) clean += 1
    }
  }
  return clean / fields
}
