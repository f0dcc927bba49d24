import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertJob } from '../../src/db/jobs.ts'
import { newId } from '../../src/ids.ts'
import type { Member } from '../../src/services/context.ts'
import { createRecord, findRecord } from '../../src/services/records.ts'
import { planTemplateChange, updateTemplate } from '../../src/services/template-changes.ts'
import { createTemplate, deleteTemplate, findTemplate, listTemplates } from '../../src/services/templates.ts'
import type { JobKind, JobStatus } from '../../src/states.ts'
import { addPeople, openWorkspace, refusalOf, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let alice: Member
let bob: Member
let charlie: Member

beforeAll(() => {
  workspace = openWorkspace()
})
afterAll(() => workspace.close())
beforeEach(() => {
  workspace.context.db.$client.exec('DELETE FROM users; DELETE FROM teams')
  ;({ alice, bob, charlie } = addPeople(workspace.context))
})

const STOCK = {
  name: 'Stock',
  key: ['SKU'],
  columns: [
    { name: 'SKU', type: 'text', required: true },
    { name: 'Price', type: 'number' },
  ],
}

const create = (input: unknown, member = alice) => createTemplate(workspace.context, member, input)
const change = (id: string, input: unknown, member = alice) => updateTemplate(workspace.context, member, { id, input })
const refusedFields = async (columns: unknown): Promise<{ path: string; message: string }[]> =>
  (await refusalOf(() => create({ name: 'T', columns }))).fields

function addJob(templateId: string, { kind, status }: { kind: JobKind; status: JobStatus }, teamId = alice.team.id) {
  return insertJob(workspace.context.db, {
    id: newId(),
    teamId,
    templateId,
    kind,
    status,
    input: { kind: 'undo', undoOf: '' },
    fileName: 'stock.xlsx',
  })
}

describe('a new template', () => {
  it('has its columns in order, with ids of their own, and an empty table', async () => {
    const template = await create({ ...STOCK, description: ' What we have ', group: 'sku' })
    const [sku, price] = template.columns
    expect(template).toMatchObject({
      name: 'Stock',
      description: 'What we have',
      mode: 'update',
      version: 1,
      records: 0,
    })
    expect(sku).toMatchObject({ name: 'SKU', type: 'text', required: true, key: true })
    expect(price).toMatchObject({ name: 'Price', type: 'number', required: false, key: false, decimal: null })
    expect(sku?.id).toMatch(/^c[a-z0-9]{7}$/)
    expect(template.groupColumnId).toBe(sku?.id)
    expect(existsSync(workspace.context.config.data.table(template.id))).toBe(true)
  })

  it('may be without columns', async () => {
    expect((await create({ name: 'Later' })).columns).toEqual([])
  })

  it('takes forms and JSON alike', async () => {
    const form = {
      name: 'Form',
      description: '',
      group: '',
      columns: [
        {
          name: 'Size',
          type: 'choice',
          required: 'on',
          key: 'yes',
          choices: 'S\r\nM\r\n\r\nL\r\n',
          aliases: '',
          min: '',
        },
        { name: 'Amount', type: 'integer', required: '', min: '1', max: '', pattern: '', date_order: '' },
      ],
    }
    const { columns, groupColumnId } = await create(form)
    expect(groupColumnId).toBeNull()
    expect(columns).toMatchObject([
      { required: true, key: true, choices: ['S', 'M', 'L'], aliases: [] },
      { required: false, key: false, min: 1, max: null, pattern: null, dateOrder: null },
    ])
  })

  it('needs a name that the team does not have yet, in whatever case', async () => {
    await create({ name: 'Übersicht' })
    expect(await refusalOf(() => create({ name: ' ' }))).toMatchObject({ status: 422, fields: [{ path: 'name' }] })
    const taken = await refusalOf(() => create({ name: 'ÜBERSICHT' }, bob))
    expect(taken.fields).toEqual([{ path: 'name', message: "Your team already has a template called 'Übersicht'." }])
  })

  it('learns nothing of the names of other teams', async () => {
    await create({ name: 'Secret project' })
    expect((await create({ name: 'Secret project' }, charlie)).name).toBe('Secret project')
  })

  it('says that without a key rows match by record id only', async () => {
    expect((await create({ ...STOCK, key: [] })).hint).toMatch(/No column is part of the key/)
    expect((await create({ ...STOCK, name: 'Other', key: [], mode: 'add' })).hint).toBeNull()
  })
})

describe('the columns of a template', () => {
  it('need names that differ in more than case, accents and punctuation', async () => {
    const columns = [
      { name: 'Start date', type: 'date' },
      { name: 'START-DATÉ', type: 'text' },
      { name: '', type: 'text' },
      { name: ' ', type: 'text' },
    ]
    expect(new Set(await refusedFields(columns))).toEqual(
      new Set([
        { path: 'columns.1.name', message: "'START-DATÉ' reads the same as 'Start date'; names must differ." },
        { path: 'columns.2.name', message: 'Give the column a name.' },
        { path: 'columns.3.name', message: 'Give the column a name.' },
      ]),
    )
  })

  it.each([
    [{ name: '__record_id', type: 'text' }, 'columns.0.name'],
    [{ name: 'A', type: 'money' }, 'columns.0.type'],
    [{ name: 'A', type: 'choice' }, 'columns.0.choices'],
    [{ name: 'A', type: 'text', pattern: '(' }, 'columns.0.pattern'],
    [{ name: 'A', type: 'number', min: 5, max: 4 }, 'columns.0.max'],
    [{ name: 'A', type: 'number', min: 'many' }, 'columns.0.min'],
    [{ name: 'A', type: 'text', max: -1 }, 'columns.0.max'],
    [{ name: 'A', type: 'date', min: '2024-02-30' }, 'columns.0.min'],
    [{ name: 'A', type: 'datetime', max: 'noon' }, 'columns.0.max'],
    [{ name: 'A', type: 'date', date_order: 'ydm' }, 'columns.0.date_order'],
  ])('are refused as %j', async (column, path) => {
    expect(await refusedFields([column])).toMatchObject([{ path }])
  })

  it('are at most 200', async () => {
    const columns = Array.from({ length: 201 }, (_, index) => ({ name: `C${index}`, type: 'text' }))
    expect(await refusedFields(columns)).toMatchObject([{ path: 'columns' }])
    expect((await create({ name: 'Wide', columns: columns.slice(1) })).columns).toHaveLength(200)
  })

  it('drop what their type has no use for, and read a day as a time by the end it stands at', async () => {
    const { columns } = await create({
      name: 'T',
      columns: [
        { name: 'A', type: 'boolean', min: 1, choices: ['x'], pattern: 'x' },
        { name: 'B', type: 'datetime', min: '2024-01-01', max: '2024-12-31' },
      ],
    })
    expect(columns).toMatchObject([
      { min: null, choices: [], pattern: null },
      { min: '2024-01-01T00:00:00', max: '2024-12-31T23:59:59' },
    ])
  })

  it('must be there to be the key or the group', async () => {
    expect(await refusalOf(() => create({ ...STOCK, key: ['Colour'] }))).toMatchObject({ fields: [{ path: 'key.0' }] })
    expect(await refusalOf(() => create({ ...STOCK, group: 'Colour' }))).toMatchObject({ fields: [{ path: 'group' }] })
  })
})

describe('finding templates', () => {
  it('shows the team its own, by name', async () => {
    await create({ name: 'b' })
    await create({ name: 'A' }, bob)
    await create({ name: 'Not ours' }, charlie)
    expect(listTemplates(workspace.context, alice).map(({ name }) => name)).toEqual(['A', 'b'])
  })

  it('answers a stranger as if there were none', async () => {
    const { id } = await create(STOCK)
    expect(findTemplate(workspace.context, bob, id).id).toBe(id)
    const stranger = await refusalOf(() => findTemplate(workspace.context, charlie, id))
    expect(stranger).toEqual(await refusalOf(() => findTemplate(workspace.context, charlie, newId())))
    expect(stranger.status).toBe(404)
    expect(await refusalOf(() => change(id, { name: 'Mine' }, charlie))).toEqual(stranger)
    expect(await refusalOf(() => deleteTemplate(workspace.context, charlie, id))).toEqual(stranger)
  })
})

describe('a change of a template', () => {
  it('changes only what it names', async () => {
    const before = await create(STOCK)
    const after = await change(before.id, { description: 'New', mode: 'replace', on_problems: 'skip' })
    expect(after).toMatchObject({ name: 'Stock', description: 'New', mode: 'replace', onProblems: 'skip', version: 1 })
    expect(after.columns).toEqual(before.columns)
  })

  it('keeps the ids, the key and so the values of columns that are renamed, moved or named again', async () => {
    const { context } = workspace
    const before = await create(STOCK)
    const [sku, price] = before.columns
    const record = await createRecord(context, alice, {
      templateId: before.id,
      input: { json: { SKU: '007', Price: 1.5 } },
    })
    const after = await change(before.id, {
      columns: [
        { name: 'New', type: 'date' },
        { name: 'price', type: 'number' },
        { id: sku?.id, name: 'Article', type: 'text', required: true },
      ],
    })
    expect(after.version).toBe(2)
    expect(after.columns.map(({ id }) => id).slice(1)).toEqual([price?.id, sku?.id])
    expect(after.columns.map(({ key }) => key)).toEqual([false, false, true])
    const { values } = await findRecord(context, bob, { templateId: before.id, id: record.id })
    expect(values).toMatchObject({ [sku?.id ?? '']: '007', [price?.id ?? '']: 1.5 })
  })

  it('gives an id of its own to a column that brings a stranger’s, or the same one twice', async () => {
    const before = await create(STOCK)
    const sku = before.columns[0]?.id
    const { columns } = await change(before.id, {
      columns: [
        { id: sku, name: 'SKU', type: 'text' },
        { id: sku, name: 'Copy', type: 'text' },
        { id: 'c1234567', name: 'Foreign', type: 'text' },
        { name: 'Price', type: 'number' },
      ],
    })
    expect(columns[0]?.id).toBe(sku)
    expect(new Set(columns.map(({ id }) => id)).size).toBe(4)
    expect(columns.map(({ id }) => id)).not.toContain('c1234567')
  })

  it('says beforehand which values it would delete, and does it only when told to', async () => {
    const { context } = workspace
    const { id } = await create({
      name: 'T',
      columns: [
        { name: 'A', type: 'text' },
        { name: 'B', type: 'text' },
      ],
    })
    await createRecord(context, alice, { templateId: id, input: { json: { A: 'seven', B: 'x' } } })
    const input = { columns: [{ name: 'A', type: 'number' }] }
    const plan = await planTemplateChange(context, bob, { id, input })
    expect(plan.sentence).toBe(
      "This deletes 1 value of 'B'; 1 value of 'A' that can't become the new type, such as 'seven'.",
    )
    expect(await refusalOf(() => change(id, input))).toMatchObject({ status: 409, code: 'would_lose_values' })
    expect(findTemplate(context, alice, id).version).toBe(1)
    expect((await change(id, { ...input, force: true })).columns).toHaveLength(1)
  })

  it('is refused when records would share their key, whatever is said', async () => {
    const { context } = workspace
    const { id } = await create({ name: 'T', columns: [{ name: 'A', type: 'text' }] })
    for (let times = 0; times < 2; times++) {
      await createRecord(context, alice, { templateId: id, input: { json: { A: 'same' } } })
    }
    expect(await refusalOf(() => change(id, { key: ['A'], force: true }))).toMatchObject({ code: 'not_unique' })
    const unique = { columns: [{ name: 'A', type: 'text', unique: true }], force: true }
    expect((await refusalOf(() => change(id, unique))).message).toContain("'same'")
    expect(findTemplate(context, alice, id)).toMatchObject({ version: 1, columns: [{ key: false, unique: false }] })
  })

  it.each(['pending', 'processing', 'review'] as const)('of columns waits while an import is %s', async (status) => {
    const { id } = await create(STOCK)
    addJob(id, { kind: 'import', status })
    const refusal = await refusalOf(() => change(id, { columns: [] }))
    expect(refusal).toMatchObject({ status: 409, code: 'template_busy' })
    expect(refusal.message).toContain("the import of 'stock.xlsx'")
    expect((await change(id, { name: 'Renamed' })).name).toBe('Renamed')
  })

  it('of columns may happen while an export runs, or after an import', async () => {
    const { id } = await create(STOCK)
    addJob(id, { kind: 'export', status: 'processing' })
    addJob(id, { kind: 'import', status: 'completed' })
    expect((await change(id, { columns: [] })).columns).toEqual([])
  })

  it('is refused when it was made for columns that somebody else has changed', async () => {
    const { id, version } = await create(STOCK)
    await change(id, { columns: [{ name: 'SKU', type: 'text' }], version, force: true }, bob)
    const late = await refusalOf(() => change(id, { columns: [], version }))
    expect(late).toMatchObject({ status: 409, code: 'changed_meanwhile' })
  })

  it('is taken back when the table can not follow', async () => {
    const { context } = workspace
    const before = await create(STOCK)
    const writer = new Database(context.config.data.table(before.id))
    try {
      writer.exec('BEGIN IMMEDIATE')
      const columns = [{ name: 'Other', type: 'text' }]
      expect(await refusalOf(() => change(before.id, { name: 'New', columns }))).toMatchObject({ code: 'table_busy' })
      const { updatedAt: _, ...after } = findTemplate(context, alice, before.id)
      expect(before).toMatchObject(after)
      writer.exec('ROLLBACK')
      expect((await change(before.id, { columns })).version).toBe(2)
    } finally {
      writer.close()
    }
  })

  it('may change the case of the name but not take another’s', async () => {
    const { id } = await create(STOCK)
    await create({ name: 'Other' })
    expect((await change(id, { name: 'STOCK' })).name).toBe('STOCK')
    expect(await refusalOf(() => change(id, { name: 'other' }))).toMatchObject({ status: 422 })
  })

  it('is announced when it is done', async () => {
    const { events } = workspace.context
    const heard: string[] = []
    const listener = ({ templateId }: { templateId: string }) => heard.push(templateId)
    events.on('template.changed', listener)
    const { id } = await create(STOCK)
    await refusalOf(() => change(id, { name: '' }))
    await change(id, { name: 'New' })
    events.off('template.changed', listener)
    expect(heard).toEqual([id, id])
  })
})

describe('deleting a template', () => {
  it('takes its records, its jobs and their files along', async () => {
    const { context } = workspace
    const { data } = context.config
    const { id } = await create(STOCK)
    const job = addJob(id, { kind: 'import', status: 'completed' })
    mkdirSync(data.upload(job.id))
    writeFileSync(path.join(data.upload(job.id), 'original'), 'x')
    writeFileSync(data.exported(job.id, 'csv'), 'x')
    await deleteTemplate(context, bob, id)
    expect(await refusalOf(() => findTemplate(context, alice, id))).toMatchObject({ status: 404 })
    for (const file of [data.table(id), `${data.table(id)}-wal`, data.upload(job.id), data.exported(job.id, 'csv')]) {
      expect(existsSync(file)).toBe(false)
    }
  })

  it('waits until its jobs are finished', async () => {
    const { context } = workspace
    const { id } = await create(STOCK)
    addJob(id, { kind: 'export', status: 'processing' })
    expect(await refusalOf(() => deleteTemplate(context, alice, id))).toMatchObject({ status: 409 })
    expect(findTemplate(context, alice, id).id).toBe(id)
  })
})
