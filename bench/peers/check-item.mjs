import { CATEGORIES, HIGHEST_PRICE, HIGHEST_QUANTITY, LONGEST_NAME, LONGEST_SKU } from '../item-template.ts'

/** The checks that a script for this one table would make: the rules of the template, written by hand. */

const CHOICES = new Set(CATEGORIES)
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const DATE = /^\d{4}-\d\d-\d\d$/
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/
const BOOLEANS = new Map([
  [true, 1],
  [false, 0],
  ['true', 1],
  ['false', 0],
])

/**
 * The values to store, or undefined when one of them breaks a rule.
 *
 * @param {unknown[]} cells
 */
export function checkItem(cells) {
  const sku = text(cells[0])
  const name = text(cells[1])
  if (sku === null || sku.length > LONGEST_SKU || name === null || name.length > LONGEST_NAME) return undefined
  const category = text(cells[3])
  if (category !== null && !CHOICES.has(category)) return undefined
  const price = number(cells[4], HIGHEST_PRICE)
  const quantity = number(cells[5], HIGHEST_QUANTITY)
  if (price === undefined || quantity === undefined || (quantity !== null && !Number.isInteger(quantity)))
    return undefined
  const active = isEmpty(cells[6]) ? null : BOOLEANS.get(cells[6])
  const created = date(cells[7], DATE, 10)
  const updated = date(cells[8], DATE_TIME, 19)
  if (active === undefined || created === undefined || updated === undefined) return undefined
  const supplier = text(cells[9])
  if (supplier !== null && !EMAIL.test(supplier)) return undefined
  return [sku, name, text(cells[2]), category, price, quantity, active, created, updated, supplier]
}

function isEmpty(cell) {
  return cell === null || cell === undefined || cell === ''
}

function text(cell) {
  if (isEmpty(cell)) return null
  const trimmed = String(cell).trim()
  return trimmed === '' ? null : trimmed
}

function number(cell, highest) {
  if (isEmpty(cell)) return null
  const value = Number(cell)
  return value >= 0 && value <= highest ? value : undefined
}

function date(cell, form, length) {
  if (isEmpty(cell)) return null
  if (cell instanceof Date) return new Date(Math.round(cell.getTime() / 1000) * 1000).toISOString().slice(0, length)
  return typeof cell === 'string' && form.test(cell) && !Number.isNaN(Date.parse(cell)) ? cell : undefined
}
