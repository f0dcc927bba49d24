import type { Column, TemplateShape } from '../src/columns/column.ts'

/** The template of the measured table, and what the peers' own checks go by. */

export const CATEGORIES = ['Garden', 'Kitchen', 'Office', 'Safety', 'Tools', 'Électronique', 'Paint & Décor'] as const
export const LONGEST_SKU = 20
export const LONGEST_NAME = 200
export const HIGHEST_PRICE = 1_000_000
export const HIGHEST_QUANTITY = 1_000_000_000

export const ITEMS: TemplateShape = {
  id: 'tpl_bench',
  name: 'Items',
  version: 1,
  columns: [
    column('csku0000', 'SKU', { required: true, key: true, max: LONGEST_SKU }),
    column('cname000', 'Name', { required: true, max: LONGEST_NAME }),
    column('cdescrip', 'Description', {}),
    column('ccategor', 'Category', { type: 'choice', choices: [...CATEGORIES] }),
    column('cprice00', 'Price', { type: 'number', min: 0, max: HIGHEST_PRICE }),
    column('cquantit', 'Quantity', { type: 'integer', min: 0, max: HIGHEST_QUANTITY }),
    column('cactive0', 'Active', { type: 'boolean' }),
    column('ccreated', 'Created', { type: 'date' }),
    column('cupdated', 'Updated', { type: 'datetime' }),
    column('csupplie', 'Supplier e-mail', { type: 'email' }),
  ],
  groupColumnId: null,
}

export const ITEM_HEADER = ITEMS.columns.map(({ name }) => name)

/** A column without rules but these. */
export function column(id: string, name: string, rules: Partial<Column>): Column {
  return {
    ...{ id, name, type: 'text', required: false, unique: false, key: false, aliases: [], choices: [] },
    ...{ min: null, max: null, pattern: null, dateOrder: null, decimal: 'point' },
    ...rules,
  }
}
