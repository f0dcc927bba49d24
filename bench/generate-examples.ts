import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import Papa from 'papaparse'
import { type CellObject, utils, write } from 'xlsx'
import { employeeRows, inventoryRows, troopRows } from './example-rows.ts'

/**
 * Writes the sample files of the examples: `npx tsx bench/generate-examples.ts`. With a folder and two numbers, an
 * inventory and an advancement list of those lengths go there instead: `… /tmp/big 10000 27000`.
 */

const EXCEL_EPOCH = Date.UTC(1899, 11, 30)

/** Half of the SKUs are numbers that only their format gives zeros, as Excel makes them when they are typed. */
export function writeInventory(file: string, count: number): void {
  const rows = [...inventoryRows(count)].map((item, index) => [
    index % 2 === 0 ? text(item.sku) : number(Number(item.sku), '000000'),
    text(item.name),
    text(item.category),
    text(item.branch),
    number(item.quantity, '#,##0'),
    number(item.price, '#,##0.00 "€"'),
    item.counted === null ? null : date(item.counted),
    text(item.orderable ? 'yes' : 'no'),
  ])
  const header = ['SKU', 'Name', 'Category', 'Branch', 'Quantity', 'Price', 'Last counted', 'Orderable']
  writeSheet(file, { name: 'Inventory', header, rows, widths: [10, 30, 12, 12, 10, 12, 14, 10] })
}

export function writeEmployees(file: string, count: number): void {
  const rows = [...employeeRows(count)].map((person) => [
    text(person.number),
    text(person.first),
    text(person.last),
    text(person.email),
    text(person.department),
    date(person.start),
    number(person.hours, '0.0'),
    { t: 'b', v: person.home } as const,
    person.profile === null ? null : text(person.profile),
  ])
  const header = [
    'Employee number',
    'First name',
    'Last name',
    'E-mail',
    'Department',
    'Start date',
    'Hours a week',
    'Works from home',
    'Profile',
  ]
  writeSheet(file, { name: 'Employees', header, rows, widths: [17, 12, 12, 28, 14, 12, 13, 16, 40] })
}

export function writeTroop(file: string, count: number, requirements: number): void {
  const fields = ['Scout', 'Rank', 'Requirement', 'Completed on', 'Leader', 'Approved']
  const data = [...troopRows(count, requirements)].map((row) => Object.values(row))
  writeFileSync(file, `${Papa.unparse({ fields, data }, { newline: '\r\n' })}\r\n`)
}

type Sheet = { name: string; header: string[]; rows: (CellObject | null)[][]; widths: number[] }

function writeSheet(file: string, { name, header, rows, widths }: Sheet): void {
  const sheet = utils.aoa_to_sheet([header.map(text), ...rows])
  sheet['!cols'] = widths.map((wch) => ({ wch }))
  const workbook = utils.book_new(sheet, name)
  writeFileSync(file, write(workbook, { type: 'buffer', bookType: 'xlsx', compression: true }))
}

function text(value: string): CellObject {
  return { t: 's', v: value }
}

function number(value: number, format: string): CellObject {
  return { t: 'n', v: value, z: format }
}

function date(iso: string): CellObject {
  return { t: 'n', v: (Date.parse(iso) - EXCEL_EPOCH) / 86_400_000, z: 'dd/mm/yyyy' }
}

function main([folder, items = '10000', advancements = '27000']: string[]): void {
  const examples = fileURLToPath(new URL('../examples', import.meta.url))
  if (folder === undefined) {
    writeInventory(path.join(examples, 'inventory', 'inventory.xlsx'), 40)
    writeEmployees(path.join(examples, 'employees', 'employees.xlsx'), 24)
    writeTroop(path.join(examples, 'troop-advancement', 'troop-advancement.csv'), 200, 20)
  } else {
    writeInventory(path.join(folder, 'inventory.xlsx'), Number(items))
    writeTroop(path.join(folder, 'troop-advancement.csv'), Number(advancements), 150)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
