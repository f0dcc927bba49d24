import { seeded } from './example-rows.ts'
import { CATEGORIES } from './item-template.ts'

/** Rows as they come from a supplier, each a function of its index alone, so that any part of them can be made again. */

/** SKU, name, description, category, price, quantity, active, created, updated, supplier's e-mail. */
export type ItemRow = [string, string, string | null, string, number, number, boolean, string, string, string]
export type Cells = (string | number | boolean | null)[]

/** `changed`: a tenth of the rows differ. `fewer`: besides, every twentieth is missing. `shuffled`: keys in random order. */
export const VARIANTS = ['items', 'changed', 'fewer', 'shuffled'] as const
export type Variant = (typeof VARIANTS)[number]

export function* itemRows(count: number, variant: Variant): Generator<ItemRow> {
  const order = variant === 'shuffled' ? shuffled(count) : undefined
  for (let at = 0; at < count; at++) {
    const index = order?.[at] ?? at
    if (variant === 'fewer' && index % 20 === 5) continue
    yield variant === 'changed' || variant === 'fewer' ? changed(itemAt(index), index) : itemAt(index)
  }
}

const THINGS = ['Hammer', 'Desk lamp', 'Crêpe pan', 'Łopata', 'Kettle', 'Bracket', 'Valve', 'Torch', '電池', 'Shelf']
const KINDS = ['heavy', 'folding', 'steel', 'grün', 'mini', 'Señor', 'premium', 'double', 'matte', 'wireless']
const ADDITIONS = ['12" blade', '(pack of 4)', '"Pro" series', 'left-hand', 'A&B type', '<new>', 'Ø 28 cm', 'No. 7']
const WORDS =
  `durable parts of coated steel and treated pine keep every shelf level over long periods while resisting dust
  and heat in workshops kitchens offices and storage rooms it ships flat packed with fixings instructions and a guarantee
  please check the measurements before ordering since replacement units are available on request only`.split(/\s+/)
const DOMAINS = ['example.com', 'supplier.example', 'parts.example.org', 'acme.test']
const DAY = 86_400_000
const FIRST_DAY = Date.UTC(2019, 0, 1)

function itemAt(index: number): ItemRow {
  const random = seeded(Math.imul(index + 1, 0x9e3779b1))
  const name = `${pick(random, THINGS)}, ${pick(random, KINDS)}`
  const created = FIRST_DAY + whole(random, 2000) * DAY
  const updated = created + whole(random, 300 * 86_400) * 1000
  return [
    String(index * 3 + 1).padStart(8, '0'),
    random() < 0.3 ? `${name} ${pick(random, ADDITIONS)}` : name,
    random() < 0.1 ? null : description(random, index),
    pick(random, CATEGORIES),
    (95 + whole(random, 250_000)) / 100,
    whole(random, 5000),
    random() < 0.85,
    iso(created).slice(0, 10),
    iso(updated),
    isRefused(index) ? 'sales at example' : `sales${whole(random, 4000)}@${pick(random, DOMAINS)}`,
  ]
}

/** So that refusing is measured too: in one of 500 rows the e-mail address is none. */
export function isRefused(index: number): boolean {
  return index % 500 === 41
}

function changed(row: ItemRow, index: number): ItemRow {
  if (index % 10 !== 3) return row
  const [sku, name, text, category, price, quantity, ...rest] = row
  return [sku, name, text, category, (Math.round(price * 100) + 100) / 100, quantity + 1, ...rest]
}

/** Six to twenty-five words; one in five carries what makes a parser work: quotes, commas, line breaks, other scripts. */
function description(random: () => number, index: number): string {
  const from = whole(random, WORDS.length)
  const words = 6 + whole(random, 20)
  let text = ''
  for (let at = 0; at < words; at++) text += `${WORDS[(from + at) % WORDS.length]} `
  const odd = whole(random, 15)
  if (odd === 0) text += 'says "as seen", on TV, '
  else if (odd === 1) text += '\nsecond line; см. стр. '
  else if (odd === 2) text += '— ½ price & more '
  return `${text}#${index}`
}

export const WIDE_COLUMNS = 200

export function wideHeader(): string[] {
  return Array.from({ length: WIDE_COLUMNS }, (_, at) => `Column ${at + 1}`)
}

/** Of five columns two are text, two are numbers, one is a date or a boolean. */
export function* wideRows(count: number): Generator<Cells> {
  for (let index = 0; index < count; index++) {
    const random = seeded(Math.imul(index + 1, 0x85ebca6b))
    yield Array.from({ length: WIDE_COLUMNS }, (_, at) => wideCell(random, at))
  }
}

/** Columns of `wideRows` that hold dates. */
export function isWideDate(at: number): boolean {
  return at % 10 === 4
}

function wideCell(random: () => number, at: number): string | number | boolean {
  if (isWideDate(at)) return iso(FIRST_DAY + whole(random, 2000) * DAY).slice(0, 10)
  if (at % 10 === 9) return random() < 0.5
  return at % 5 < 2 ? `${pick(random, WORDS)} ${whole(random, 500)}` : whole(random, 1_000_000) / 100
}

function shuffled(count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, at) => at)
  const random = seeded(5)
  for (let at = count - 1; at > 0; at--) {
    const other = whole(random, at + 1)
    const kept = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = kept
  }
  return order
}

function pick(random: () => number, list: readonly string[]): string {
  return list[whole(random, list.length)] ?? ''
}

function whole(random: () => number, below: number): number {
  return Math.floor(random() * below)
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 19)
}
