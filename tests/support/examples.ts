import { readFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = path.resolve(import.meta.dirname, '../../examples')

type Example = 'inventory' | 'employees' | 'troop-advancement'

export function exampleTemplate(name: Example): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(FOLDER, name, 'template.json'), 'utf8'))
}

export function exampleFile(name: Example): string {
  const file = {
    inventory: 'inventory.xlsx',
    employees: 'employees.xlsx',
    'troop-advancement': 'troop-advancement.csv',
  }
  return path.join(FOLDER, name, file[name])
}

/** A small template for tests that are about the journey of a file and not about its cells. */
export const ITEMS = {
  name: 'Items',
  key: ['SKU'],
  mode: 'update',
  on_problems: 'review',
  columns: [
    { name: 'SKU', type: 'text', required: true },
    { name: 'Name', type: 'text' },
    { name: 'Price', type: 'number' },
    { name: 'Counted', type: 'date', date_order: 'dmy' },
  ],
}

/** The rows of `ITEMS` as a CSV. */
export function itemsCsv(rows: (string | number)[][]): string {
  return ['SKU,Name,Price,Counted', ...rows.map((row) => row.join(','))].join('\n')
}

/** As many items as wanted; `round` makes every tenth another price. */
export function manyItems(count: number, round = 0): string {
  const rows = Array.from({ length: count }, (_, n) => [
    String(n).padStart(7, '0'),
    `Item ${n}`,
    n % 10 === 0 ? n + round : n,
    '28/02/2024',
  ])
  return itemsCsv(rows)
}
