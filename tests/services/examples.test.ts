import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeEmployees, writeInventory, writeTroop } from '../../bench/generate-examples.ts'
import { compileCheck } from '../../src/columns/check-cell.ts'
import { isMisfit } from '../../src/columns/checked.ts'
import { headerKey } from '../../src/columns/header-key.ts'
import type { Member } from '../../src/services/context.ts'
import { addExample, exampleFor, findExampleFile, listExamples } from '../../src/services/examples.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { addPeople, openWorkspace, refusalOf, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let alice: Member

beforeAll(() => {
  workspace = openWorkspace()
  alice = addPeople(workspace.context).alice
})
afterAll(() => workspace.close())

async function readRows(file: string): Promise<Cell[][]> {
  const spreadsheet = await openSpreadsheet(file)
  const rows: Cell[][] = []
  for await (const batch of spreadsheet.rows(spreadsheet.sheets[0]?.name ?? '')) {
    rows.push(...batch.rows.map((row) => row.cells))
  }
  spreadsheet.close()
  return rows
}

describe('the examples', () => {
  it('are three, each with a title, a description and a file', () => {
    const examples = listExamples()
    expect(examples.map(({ name }) => name)).toEqual(['inventory', 'employees', 'troop-advancement'])
    for (const { title, description, fileName } of examples) expect([title, description, fileName]).not.toContain('')
  })

  it.each([
    ['inventory', 40],
    ['employees', 24],
    ['troop-advancement', 200],
  ])('%s: every cell of the sample file is a clean value of its template', async (name, count) => {
    const template = await addExample(workspace.context, alice, name)
    const [header = [], ...rows] = await readRows(findExampleFile(name).path)
    expect(rows).toHaveLength(count)
    const columns = new Map(template.columns.map((column) => [headerKey(column.name), column]))
    for (const [index, title] of header.entries()) {
      const column = columns.get(headerKey(String(title)))
      if (column === undefined) throw new Error(`the template has no column ${String(title)}`)
      const check = compileCheck(column)
      expect(rows.map((row) => check(row[index])).filter(isMisfit)).toEqual([])
    }
    expect(header).toHaveLength(template.columns.length)
    const keys = template.columns.flatMap((column, index) => (column.key ? [index] : []))
    const checks = template.columns.map(compileCheck)
    const found = new Set(rows.map((row) => JSON.stringify(keys.map((index) => checks[index]?.(row[index])))))
    expect(found.size).toBe(count)
  })

  it('keep leading zeros, whether a SKU is a text or a number with a format', async () => {
    const rows = await readRows(findExampleFile('inventory').path)
    expect(rows[1]?.[0]).toBe('000417')
    expect(rows[2]?.[0]).toMatchObject({ type: 'number', value: 424, text: '000424' })
  })

  it('are added under a name that is free, and know their file again', async () => {
    const { name } = await addExample(workspace.context, alice, 'inventory')
    expect(name).toBe('Inventory items 2')
    expect(exampleFor(name)).toEqual({ href: '/examples/inventory/file', fileName: 'inventory.xlsx' })
    expect(exampleFor('Inventory items')).not.toBeNull()
    expect(exampleFor('Inventory items of ours')).toBeNull()
  })

  it.each(['', 'unknown', '../package.json', '__proto__'])('are no more than those: %j', async (name) => {
    expect(await refusalOf(() => addExample(workspace.context, alice, name))).toMatchObject({ status: 404 })
    expect(await refusalOf(() => findExampleFile(name))).toMatchObject({ status: 404 })
  })

  it('are what the generator makes', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-'))
    try {
      const made = (file: string) => path.join(folder, file)
      writeInventory(made('inventory.xlsx'), 40)
      writeEmployees(made('employees.xlsx'), 24)
      writeTroop(made('troop-advancement.csv'), 200, 20)
      for (const { name, fileName } of listExamples()) {
        expect(await readRows(made(fileName))).toEqual(await readRows(findExampleFile(name).path))
      }
      expect(readFileSync(made('troop-advancement.csv'), 'utf8')).toContain('Björn Hansen')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
