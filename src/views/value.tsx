import type { Column, Value, Values } from '../columns/column.ts'
import { decimalsOf, formatDecimal } from './format.ts'

type Props = { value: Value | undefined; column: Column; decimals?: number }

/** A value as a table shows it; an empty cell is visibly empty. */
export function DisplayValue({ value, column, decimals = 0 }: Props) {
  if (value === null || value === undefined || value === '') {
    return (
      <span class="nothing" title="empty">
        –
      </span>
    )
  }
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>
  if (typeof value === 'number') return <>{formatDecimal(value, decimals)}</>
  if (column.type === 'datetime') return <>{value.replace('T', ' ').replace(/:00$/, '')}</>
  if (column.type === 'url' && /^https?:\/\//i.test(value)) {
    return (
      <a href={value} rel="noreferrer nofollow" target="_blank">
        {value}
      </a>
    )
  }
  return <>{value}</>
}

export function isRightAligned(column: Column): boolean {
  return column.type === 'number' || column.type === 'integer'
}

/** Digits after the point by column id, so that the numbers of a column line up. */
export function columnDecimals(columns: Column[], rows: Values[]): Record<string, number> {
  const numbers = columns.filter((column) => column.type === 'number')
  return Object.fromEntries(
    numbers.map(({ id }) => [
      id,
      decimalsOf(rows.map((values) => values[id]).filter((value) => typeof value === 'number')),
    ]),
  )
}
