import type { Random } from './random.ts'

export const TEMPLATE = {
  key: ['SKU'],
  mode: 'update',
  on_problems: 'skip',
  columns: [
    { name: 'SKU', type: 'text', required: true },
    { name: 'Name', type: 'text' },
    { name: 'Price', type: 'number' },
    { name: 'Counted', type: 'date', date_order: 'dmy' },
  ],
}

export type Sheet = { name: string; text: string }

export const HEADER = 'SKU,Name,Price,Counted'

const KEYS = 4000

/** Rows that create, change and repeat records of earlier sheets, some of them refused; no two sheets are the same. */
export function makeSheet(random: Random, name: string): Sheet {
  const rows = random.pick([20, 100, 300, 300, 1000, 1000, 3000, 12_000])
  const first = random.below(KEYS)
  const changed = random.below(3)
  const lines = Array.from({ length: rows }, (_, n) => {
    const key = (first + n) % Math.max(KEYS, rows)
    const price = key % 3 === changed ? random.below(1000) : key
    const date = random.chance(0.01) ? '31/02/2024' : '28/02/2024'
    return `${String(key).padStart(6, '0')},Item ${key},${price},${date}`
  })
  return { name, text: [HEADER, ...lines, `${name},Only here,1,01/01/2024`].join('\n') }
}
