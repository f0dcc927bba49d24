import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDb, type Db, openDb } from '../../src/db/open.ts'
import * as schema from '../../src/db/schema.ts'
import { insertTeam } from '../../src/db/teams.ts'
import {
  findTemplateRow,
  insertTemplate,
  listColumnRows,
  listTemplateRows,
  setColumns,
  setTemplate,
  toShape,
} from '../../src/db/templates.ts'

let folder: string
let db: Db

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-'))
  db = openDb(path.join(folder, 'app.db'))
  insertTeam(db, { id: 't1', name: 'One' })
})
afterEach(() => {
  db.$client.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('app.db', () => {
  it('is created with every table and column of the schema', () => {
    const tables = Object.values(schema).filter((each) => is(each, SQLiteTable))
    expect(tables.length).toBeGreaterThan(5)
    for (const table of tables) {
      const name = getTableName(table)
      const there = db.$client.prepare(`SELECT name FROM pragma_table_info('${name}')`).pluck().all()
      expect([name, there]).toEqual([name, Object.values(getTableColumns(table)).map((column) => column.name)])
    }
  })

  it('loses nothing that was acknowledged, and checks references', () => {
    expect(db.$client.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.$client.pragma('synchronous', { simple: true })).toBe(2)
    expect(() => insertTemplate(db, { id: 'x', teamId: 'nobody', name: 'X' })).toThrow(/FOREIGN KEY/)
  })

  it('is the same when it is opened again, also by a second connection', () => {
    const file = path.join(folder, 'app.db')
    const again = openDb(file)
    const beside = connectDb(file)
    insertTeam(beside, { id: 't2', name: 'Two' })
    expect(again.$client.prepare('SELECT count(*) FROM teams').pluck().get()).toBe(2)
    again.$client.close()
    beside.$client.close()
  })

  it('is not made by who only joins in', () => {
    expect(() => connectDb(path.join(folder, 'other.db'))).toThrow()
  })
})

describe('templates', () => {
  it('have one name once in a team', () => {
    insertTeam(db, { id: 't2', name: 'Two' })
    insertTemplate(db, { id: 'a', teamId: 't1', name: 'Stock' })
    insertTemplate(db, { id: 'b', teamId: 't2', name: 'Stock' })
    expect(() => insertTemplate(db, { id: 'c', teamId: 't1', name: 'STOCK' })).toThrow(/UNIQUE/)
    expect(findTemplateRow(db, { id: 'a', teamId: 't2' })).toBeUndefined()
  })

  it('are listed by name, page after page', () => {
    for (const [id, name] of [
      ['1', 'b'],
      ['2', 'A'],
      ['3', 'c'],
    ] as const)
      insertTemplate(db, { id, teamId: 't1', name })
    const first = listTemplateRows(db, 't1', { limit: 2 })
    expect(first.map(({ name }) => name)).toEqual(['A', 'b'])
    const rest = listTemplateRows(db, 't1', { limit: 2, after: { name: 'b', id: '1' } })
    expect(rest.map(({ name }) => name)).toEqual(['c'])
  })

  it('change only in what is set', () => {
    insertTemplate(db, { id: 'a', teamId: 't1', name: 'Stock', description: 'All of it' })
    setTemplate(db, 'a', { name: 'New' })
    expect(findTemplateRow(db, { id: 'a', teamId: 't1' })).toMatchObject({ name: 'New', description: 'All of it' })
  })

  it('keep their columns in order, without gaps', () => {
    insertTemplate(db, { id: 'a', teamId: 't1', name: 'Stock' })
    const column = (id: string, name: string) => ({
      id,
      name,
      type: 'number' as const,
      required: false,
      unique: false,
      key: false,
      aliases: ['x'],
      choices: [],
      min: 0,
      max: null,
      pattern: null,
      dateOrder: null,
      decimal: 'comma' as const,
    })
    const [one, two, three] = [column('c0000001', 'One'), column('c0000002', 'Two'), column('c0000003', 'Three')]
    setColumns(db, 'a', [one, two, three])
    setColumns(db, 'a', [three, one])
    expect(listColumnRows(db, 'a').map(({ position }) => position)).toEqual([0, 1])
    const row = findTemplateRow(db, { id: 'a', teamId: 't1' })
    if (row === undefined) throw new Error('the template is gone')
    expect(toShape(row, listColumnRows(db, 'a')).columns).toEqual([three, one])
  })
})
