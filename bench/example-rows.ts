/** Rows for the example templates, the same in every run. */

/** A small generator of pseudo-random numbers in [0, 1) (mulberry32), so that the files never change by chance. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function pick<T>(random: () => number, list: readonly [T, ...T[]]): T {
  return list[Math.floor(random() * list.length)] ?? list[0]
}

/** A day as ISO date, at most `days` before the first of June 2025. */
function day(random: () => number, days: number): string {
  const time = Date.UTC(2025, 5, 1) - Math.floor(random() * days) * 86_400_000
  return new Date(time).toISOString().slice(0, 10)
}

const ITEMS = {
  Garden: ['Watering can', 'Rake', 'Hedge shears', 'Flower pot', 'Garden hose'],
  Kitchen: ['Crêpe pan', 'Bread knife', 'Kettle', 'Mixing bowl', 'Spätzle press'],
  Office: ['Stapler', 'Desk lamp', 'Ring binder', 'Fountain pen', 'Label printer'],
  Safety: ['Hard hat', 'Work gloves', 'Ear protection', 'First-aid kit', 'Safety goggles'],
  Tools: ['Cordless drill', 'Claw hammer', 'Spirit level', 'Socket set', 'Hacksaw'],
} as const
const CATEGORIES = ['Garden', 'Kitchen', 'Office', 'Safety', 'Tools'] as const
const VARIANTS = ['small', 'large', 'blue', 'grün', 'steel', 'Ø 28 cm', 'set of 4', 'No. 7'] as const
const BRANCHES = ['Köln', 'Zürich', 'Malmö', 'Reykjavík', 'Łódź', 'São Paulo'] as const

export type Item = {
  sku: string
  name: string
  category: string
  branch: string
  quantity: number
  price: number
  counted: string | null
  orderable: boolean
}

/** SKUs have leading zeros; the items lie branch by branch, as in a list that somebody keeps. */
export function* inventoryRows(count: number): Generator<Item> {
  const random = seeded(1)
  for (let index = 0; index < count; index++) {
    const category = pick(random, CATEGORIES)
    yield {
      sku: String(417 + index * 7).padStart(6, '0'),
      name: `${pick(random, ITEMS[category])}, ${pick(random, VARIANTS)}`,
      category,
      branch: BRANCHES[Math.floor((index / count) * BRANCHES.length)] ?? BRANCHES[0],
      quantity: Math.floor(random() ** 3 * 400),
      price: Math.round(random() ** 2 * 24_900 + 95) / 100,
      counted: random() < 0.1 ? null : day(random, 400),
      orderable: random() < 0.85,
    }
  }
}

const FIRST = [
  'Ana',
  'Björn',
  'Chloé',
  'Dmitri',
  'Emre',
  'Fatima',
  'Grace',
  'Hiroshi',
  'Inês',
  'Jakub',
  'Kemi',
  'Lucía',
] as const
const LAST = [
  'Almeida',
  'Bäcker',
  'Chen',
  'Dvořák',
  'Eriksen',
  'Fontaine',
  'García',
  'Hansen',
  'Ivanova',
  'Jørgensen',
] as const
const DEPARTMENTS = ['Accounts', 'Design', 'Engineering', 'Sales', 'Support'] as const

export type Employee = {
  number: string
  first: string
  last: string
  email: string
  department: string
  start: string
  hours: number
  home: boolean
  profile: string | null
}

export function* employeeRows(count: number): Generator<Employee> {
  const random = seeded(2)
  for (let index = 0; index < count; index++) {
    const first = FIRST[index % FIRST.length] ?? FIRST[0]
    const last = pick(random, LAST)
    const mailbox = `${plain(first)}.${plain(last)}${index < FIRST.length ? '' : index}`
    yield {
      number: `E-${String(index * 3 + 12).padStart(4, '0')}`,
      first,
      last,
      email: `${mailbox}@example.org`,
      department: pick(random, DEPARTMENTS),
      start: day(random, 4000),
      hours: pick(random, [40, 40, 38.5, 30, 20]),
      home: random() < 0.4,
      profile: random() < 0.5 ? `https://people.example.org/${mailbox}` : null,
    }
  }
}

function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace('ø', 'o')
    .toLowerCase()
}

const RANKS = ['Scout', 'Tenderfoot', 'Second Class', 'First Class', 'Star', 'Life', 'Eagle'] as const
const LEADERS = ['A. Morgan', 'J. Reyes', 'S. Okafor', 'T. Lindqvist'] as const

export type Advancement = {
  scout: string
  rank: string
  requirement: string
  /** As month/day/year, which is how such lists come. */
  completed: string
  leader: string
  approved: string
}

/** Scout by scout, every requirement of the ranks in turn. */
export function* troopRows(count: number, requirements: number): Generator<Advancement> {
  const random = seeded(3)
  for (let index = 0; index < count; index++) {
    const scout = Math.floor(index / requirements)
    const at = index % requirements
    const rank = Math.floor((at / requirements) * RANKS.length)
    const done = random() < 0.8
    const [year, month, date] = day(random, 900).split('-')
    yield {
      scout: scoutName(scout),
      rank: RANKS[rank] ?? RANKS[0],
      requirement: `${(RANKS[rank] ?? RANKS[0]).replace(/[a-z ]/g, '')}-${at + 1}`,
      completed: done ? `${Number(month)}/${Number(date)}/${year}` : '',
      leader: done ? pick(random, LEADERS) : '',
      approved: done ? (random() < 0.9 ? 'Yes' : 'No') : '',
    }
  }
}

/** A name of its own for the first 120; later ones carry a number. */
function scoutName(index: number): string {
  const at = index % FIRST.length
  const round = Math.floor(index / FIRST.length)
  const name = `${FIRST[at] ?? FIRST[0]} ${LAST[(at * 7 + round) % LAST.length] ?? LAST[0]}`
  const again = Math.floor(round / LAST.length)
  return again === 0 ? name : `${name} ${again + 1}`
}
