import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setTemplateRecords } from '../../src/db/templates.ts'
import type { Member } from '../../src/services/context.ts'
import {
  createRecord,
  deleteRecord,
  findRecord,
  listRecordChanges,
  listRecords,
  updateRecord,
} from '../../src/services/records.ts'
import { createTemplate, findTemplate } from '../../src/services/templates.ts'
import { addPeople, openWorkspace, refusalOf, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let people: { alice: Member; bob: Member; charlie: Member }
let templates = 0

beforeAll(() => {
  workspace = openWorkspace()
  people = addPeople(workspace.context)
})
afterAll(() => workspace.close())

async function newTemplate() {
  const template = await createTemplate(workspace.context, people.alice, {
    name: `Stock ${++templates}`,
    key: ['SKU'],
    columns: [
      { name: 'SKU', type: 'text', required: true },
      { name: 'Price', type: 'number', decimal: 'comma', min: 0 },
      { name: 'Counted', type: 'date', date_order: 'dmy' },
      { name: 'Code', type: 'text', pattern: '(a+)+' },
    ],
  })
  const ids = Object.fromEntries(template.columns.map((column) => [column.name, column.id]))
  return { templateId: template.id, ids }
}

const create = (templateId: string, json: unknown, member = people.alice) =>
  createRecord(workspace.context, member, { templateId, input: { json } })

describe('the number of records', () => {
  it('is right after edits of several people at once', async () => {
    const { templateId } = await newTemplate()
    const skus = Array.from({ length: 12 }, (_, n) => `${n}`)
    const made = await Promise.all(
      skus.map((SKU, n) => create(templateId, { SKU }, n % 2 === 0 ? people.alice : people.bob)),
    )
    const ids = made.map(({ id }) => id).slice(0, 5)
    await Promise.all([
      ...ids.map((id) => deleteRecord(workspace.context, people.bob, { templateId, id })),
      create(templateId, { SKU: 'last' }),
    ])
    expect(findTemplate(workspace.context, people.alice, templateId).records).toBe(8)
  })

  it('is the later one when an earlier one arrives after it', async () => {
    const { context } = workspace
    const { templateId } = await newTemplate()
    const count = () => findTemplate(context, people.alice, templateId).records
    context.sizes.note(context.db, templateId, { records: 5, dataVersion: 9 })
    context.sizes.note(context.db, templateId, { records: 4, dataVersion: 8 })
    expect(count()).toBe(5)
    // A job that was applied before a crash says once more what is so.
    context.sizes.note(context.db, templateId, { records: 5, dataVersion: 9 })
    context.sizes.note(context.db, templateId, { records: 6, dataVersion: 10 })
    expect(count()).toBe(6)
  })

  it('is mended by the next edit when it was wrong', async () => {
    const { context } = workspace
    const { templateId } = await newTemplate()
    const { id } = await create(templateId, { SKU: '1' })
    await create(templateId, { SKU: '2' })
    const count = () => findTemplate(context, people.alice, templateId).records
    for (const [edit, right] of [
      [() => updateRecord(context, people.bob, { templateId, id, input: { json: { Price: 2 } } }), 2],
      [() => create(templateId, { SKU: '3' }), 3],
      [() => deleteRecord(context, people.bob, { templateId, id }), 2],
    ] as const) {
      setTemplateRecords(context.db, templateId, 77)
      await edit()
      expect(count()).toBe(right)
    }
  })
})

describe('a record', () => {
  it('is made from typed values by name, counted and announced', async () => {
    const { context } = workspace
    const { templateId, ids } = await newTemplate()
    const heard: string[] = []
    context.events.on('records.changed', (event) => heard.push(event.templateId))
    const record = await create(templateId, { sku: ' 007 ', Price: 1.5, Counted: '2024-02-28' })
    expect(record.values).toEqual({
      [`${ids.SKU}`]: '007',
      [`${ids.Price}`]: 1.5,
      [`${ids.Counted}`]: '2024-02-28',
      [`${ids.Code}`]: null,
    })
    expect(record.import).toBeNull()
    expect(findTemplate(context, people.bob, templateId).records).toBe(1)
    expect(heard).toEqual([templateId])
  })

  it('is made from the texts of a form by column id, read as the column says', async () => {
    const { templateId, ids } = await newTemplate()
    const form = { [`${ids.SKU}`]: 'A', [`${ids.Price}`]: '1.250,5', [`${ids.Counted}`]: '28/02/2024', other: 'x' }
    const { values } = await createRecord(workspace.context, people.alice, { templateId, input: { form } })
    expect(values).toMatchObject({ [`${ids.Price}`]: 1250.5, [`${ids.Counted}`]: '2024-02-28' })
  })

  it('keeps texts as an export writes them and an import reads them', async () => {
    const { templateId, ids } = await newTemplate()
    const { values } = await create(templateId, { SKU: 'two\r\nlines\0', Price: 1 })
    expect(values[`${ids.SKU}`]).toBe('two\nlines')
  })

  it('is refused with a message at every field that is wrong', async () => {
    const { templateId, ids } = await newTemplate()
    const wrong = await refusalOf(() => create(templateId, { SKU: '1', Price: -1, Counted: '31/02/2024' }))
    expect(wrong).toMatchObject({ status: 422, fields: [{ path: 'values.Price' }, { path: 'values.Counted' }] })
    const form = { [`${ids.SKU}`]: '1', [`${ids.Price}`]: 'much' }
    const typed = await refusalOf(() => createRecord(workspace.context, people.alice, { templateId, input: { form } }))
    expect(typed).toMatchObject({ fields: [{ path: ids.Price }] })
  })

  it.each([
    [{ Price: 1 }, 'values.SKU'],
    [{ SKU: '' }, 'values.SKU'],
    [{ SKU: '1', Colour: 'red' }, 'values.Colour'],
    [{ SKU: ['1'] }, 'values.SKU'],
    [['1'], 'values'],
    [null, 'values'],
  ])('is not made from %j', async (json, path) => {
    const { templateId } = await newTemplate()
    const { status, fields } = await refusalOf(() => create(templateId, json))
    expect({ status, fields }).toMatchObject({ status: 422, fields: [{ path }] })
    expect(findTemplate(workspace.context, people.alice, templateId).records).toBe(0)
  })

  it('is refused when its key is taken', async () => {
    const { templateId } = await newTemplate()
    await create(templateId, { SKU: '1' })
    const taken = await refusalOf(() => create(templateId, { SKU: '1' }))
    expect(taken).toMatchObject({ status: 422, fields: [{ path: 'values.SKU' }] })
    expect(taken.message).toContain("SKU '1'")
  })

  it('can be changed in one column and leaves the others alone', async () => {
    const { context } = workspace
    const { templateId, ids } = await newTemplate()
    const { id } = await create(templateId, { SKU: '1', Price: 2 })
    await updateRecord(context, people.bob, { templateId, id, input: { json: { Price: null, Code: 'aa' } } })
    const { values } = await findRecord(context, people.alice, { templateId, id })
    expect(values).toMatchObject({ [`${ids.SKU}`]: '1', [`${ids.Price}`]: null, [`${ids.Code}`]: 'aa' })
    const { items: changes } = await listRecordChanges(context, people.alice, { templateId, id, limit: 9 })
    expect(changes.map(({ action, actor }) => [action, actor])).toEqual([
      ['update', 'Bob'],
      ['create', 'Alice'],
    ])
  })

  it('is gone when it is deleted, once', async () => {
    const { context } = workspace
    const { templateId } = await newTemplate()
    const { id } = await create(templateId, { SKU: '1' })
    await deleteRecord(context, people.bob, { templateId, id })
    expect(findTemplate(context, people.alice, templateId).records).toBe(0)
    for (const work of [
      () => deleteRecord(context, people.bob, { templateId, id }),
      () => findRecord(context, people.bob, { templateId, id }),
      () => updateRecord(context, people.bob, { templateId, id, input: { json: { SKU: '2' } } }),
    ]) {
      expect(await refusalOf(work)).toMatchObject({ status: 404, code: 'no_record' })
    }
    expect(findTemplate(context, people.alice, templateId).records).toBe(0)
  })

  it('does not hold the server up when a pattern takes for ever', async () => {
    const { templateId } = await newTemplate()
    const started = performance.now()
    const slow = await refusalOf(() => create(templateId, { SKU: '1', Code: `${'a'.repeat(40)}!` }))
    expect(slow).toMatchObject({ status: 422, code: 'slow_pattern' })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('waits a moment for an import that is being applied, and then says so', async () => {
    const { templateId } = await newTemplate()
    const writer = new Database(workspace.context.config.data.table(templateId))
    try {
      writer.exec('BEGIN IMMEDIATE')
      const busy = await refusalOf(() => create(templateId, { SKU: '1' }))
      expect(busy).toMatchObject({ status: 409, code: 'table_busy' })
      writer.exec('ROLLBACK')
      expect((await create(templateId, { SKU: '1' })).id).toBeGreaterThan(0)
    } finally {
      writer.close()
    }
  })

  it('is nothing to a stranger', async () => {
    const { context } = workspace
    const { templateId } = await newTemplate()
    const { id } = await create(templateId, { SKU: '1' })
    const input = { json: { SKU: '2' } }
    for (const work of [
      () => findRecord(context, people.charlie, { templateId, id }),
      () => listRecords(context, people.charlie, { templateId, query: {} }),
      () => createRecord(context, people.charlie, { templateId, input }),
      () => updateRecord(context, people.charlie, { templateId, id, input }),
      () => deleteRecord(context, people.charlie, { templateId, id }),
      () => listRecordChanges(context, people.charlie, { templateId, id, limit: 9 }),
    ]) {
      expect(await refusalOf(work)).toMatchObject({ status: 404, code: 'no_template' })
    }
  })
})

describe('a list of records', () => {
  it('is filtered and sorted by names or ids of columns, and paged', async () => {
    const { context } = workspace
    const { templateId, ids } = await newTemplate()
    for (const [sku, price] of [
      ['a1', 3],
      ['a2', 1],
      ['b1', 2],
    ] as const) {
      await create(templateId, { SKU: sku, Price: price })
    }
    const skus = async (query: Parameters<typeof listRecords>[2]['query']) => {
      const page = await listRecords(context, people.bob, { templateId, query })
      return { skus: page.items.map(({ values }) => values[`${ids.SKU}`]), next: page.next, total: page.total }
    }
    expect((await skus({})).skus).toEqual(['a1', 'a2', 'b1'])
    expect((await skus({ sort: 'Price' })).skus).toEqual(['a2', 'b1', 'a1'])
    expect((await skus({ sort: `-${ids.Price}` })).skus).toEqual(['a1', 'b1', 'a2'])
    expect((await skus({ q: 'a', sort: '-price' })).skus).toEqual(['a1', 'a2'])
    expect((await skus({ filter: { SKU: 'b' } })).skus).toEqual(['b1'])
    const first = await skus({ sort: 'Price', limit: 2 })
    expect(first).toMatchObject({ skus: ['a2', 'b1'], total: 3 })
    expect((await skus({ sort: 'Price', limit: 2, cursor: first.next ?? '' })).skus).toEqual(['a1'])
  })

  it.each([
    [{ sort: 'Colour' }, 'sort'],
    [{ filter: { Colour: 'red' } }, 'filter[Colour]'],
    [{ cursor: 'nonsense' }, 'cursor'],
    [{ limit: 100_000 }, 'limit'],
  ])('is refused for %j', async (query, path) => {
    const { templateId } = await newTemplate()
    const refusal = await refusalOf(() => listRecords(workspace.context, people.alice, { templateId, query }))
    expect(refusal).toMatchObject({ status: 422, fields: [{ path }] })
  })
})

describe('a large table', () => {
  it('has an index made after a list was sorted by a column, for the next time', async () => {
    const { context } = workspace
    const { templateId, ids } = await newTemplate()
    await create(templateId, { SKU: 'A' })
    const table = new Database(context.config.data.table(templateId))
    table.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200000)
      INSERT INTO records (entry, created_at, updated_at, ${ids.SKU}, ${ids.Price}) SELECT 1, '', '', n, n % 997 FROM numbers`)
    const hasIndex = () => table.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(`sort_${ids.Price}`)
    const sorted = () =>
      listRecords(context, people.alice, { templateId, query: { sort: '-Price', limit: 1, offset: 150_000 } })
    const { items } = await sorted()
    await expect.poll(hasIndex, { timeout: 20_000 }).toBeDefined()
    expect((await sorted()).items).toEqual(items)
    table.close()
  })
})
