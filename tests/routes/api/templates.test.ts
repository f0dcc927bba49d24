import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Member } from '../../../src/services/context.ts'
import { workbookOf } from '../../support/workbook-of.ts'
import { addPeople, apiClient, openWorkspace, type Workspace } from '../../support/workspace.ts'

let workspace: Workspace
let people: { alice: Member; bob: Member; charlie: Member }
let ask: ReturnType<typeof apiClient>

beforeAll(() => {
  workspace = openWorkspace()
})
afterAll(() => workspace.close())
beforeEach(() => {
  workspace.context.db.$client.exec('DELETE FROM users; DELETE FROM teams')
  people = addPeople(workspace.context)
  ask = apiClient(workspace.context, people.alice)
})

const STOCK = {
  name: 'Stock',
  key: ['SKU'],
  group: 'Branch',
  columns: [
    { name: 'SKU', type: 'text', required: true },
    { name: 'Branch', type: 'choice', choices: ['Köln', 'Malmö'] },
  ],
}

describe('POST /api/templates', () => {
  it('answers the template that it made', async () => {
    const { status, headers, body } = await ask('POST', '/templates', STOCK)
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/api/templates/${body.id}`)
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Stock',
      description: '',
      key: ['SKU'],
      mode: 'update',
      on_problems: 'review',
      group: 'Branch',
      columns: [
        {
          id: expect.stringMatching(/^c[a-z0-9]{7}$/),
          name: 'SKU',
          type: 'text',
          required: true,
          unique: false,
          aliases: [],
          choices: [],
          min: null,
          max: null,
          pattern: null,
          date_order: null,
          decimal: null,
        },
        expect.objectContaining({ name: 'Branch', choices: ['Köln', 'Malmö'] }),
      ],
      records: 0,
      version: 1,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: expect.any(String),
    })
  })

  it('names the fields that are wrong, as a problem document', async () => {
    const { status, headers, body } = await ask('POST', '/templates', { columns: [{ name: 'A', type: 'money' }] })
    expect(status).toBe(422)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({ type: 'about:blank', title: 'Unprocessable Entity', status: 422, code: 'invalid' })
    expect(body.errors.map((error: { path: string }) => error.path)).toEqual(['name', 'columns.0.type'])
  })

  it('binds only the fields that a sender may set', async () => {
    const { body } = await ask('POST', '/templates', {
      ...STOCK,
      id: 'mine',
      team_id: people.charlie.team.id,
      records: 7,
      version: 9,
    })
    expect(body).toMatchObject({ records: 0, version: 1 })
    expect(body.id).not.toBe('mine')
  })

  it.each(['', '{', 'null', '[]', '"x"'])('refuses the body %j', async (text) => {
    const { status, headers } = await ask('POST', '/templates', text)
    expect([400, 422]).toContain(status)
    expect(headers.get('content-type')).toBe('application/problem+json')
  })
})

describe('GET /api/templates', () => {
  it('pages through all of them by name, each once', async () => {
    for (const name of ['d', 'B', 'a', 'C', 'e']) await ask('POST', '/templates', { name })
    const names: string[] = []
    let cursor = ''
    do {
      const { status, body } = await ask('GET', `/templates?limit=2&cursor=${cursor}`)
      expect(status).toBe(200)
      names.push(...body.items.map((item: { name: string }) => item.name))
      cursor = body.next
    } while (cursor)
    expect(names).toEqual(['a', 'B', 'C', 'd', 'e'])
  })

  it.each(['cursor=nonsense', 'cursor=eyJhIjoxfQ', 'limit=0', 'limit=x', 'limit=201'])('refuses ?%s', async (query) => {
    const { status, body } = await ask('GET', `/templates?${query}`)
    expect({ status, path: body.errors[0].path }).toEqual({ status: 422, path: query.split('=')[0] })
  })
})

describe('one template', () => {
  it('is answered, changed and deleted by anybody in the team', async () => {
    const { body: made } = await ask('POST', '/templates', STOCK)
    const bob = apiClient(workspace.context, people.bob)
    expect((await bob('GET', `/templates/${made.id}`)).body).toEqual(made)
    const changed = await bob('PATCH', `/templates/${made.id}`, { mode: 'replace' })
    expect(changed.body).toEqual({ ...made, mode: 'replace', updated_at: changed.body.updated_at })
    expect(await bob('DELETE', `/templates/${made.id}`)).toMatchObject({ status: 204, body: null })
    expect((await ask('GET', `/templates/${made.id}`)).status).toBe(404)
  })

  it('keeps its columns when it is sent back as it came, with one renamed', async () => {
    const { body: made } = await ask('POST', '/templates', STOCK)
    const columns = made.columns.map((column: { name: string }) =>
      column.name === 'SKU' ? { ...column, name: 'Article' } : column,
    )
    const sent = await ask('PATCH', `/templates/${made.id}`, { ...made, key: undefined, columns })
    expect(sent.status).toBe(200)
    expect(sent.body).toMatchObject({ key: ['Article'], group: 'Branch', version: 2, columns })
    const stale = await ask('PATCH', `/templates/${made.id}`, made)
    expect(stale).toMatchObject({ status: 409, body: { code: 'changed_meanwhile' } })
  })

  it('is the same nothing to a stranger as an unknown one', async () => {
    const { body: made } = await ask('POST', '/templates', STOCK)
    const charlie = apiClient(workspace.context, people.charlie)
    for (const [method, body] of [['GET'], ['PATCH', { name: 'Mine' }], ['DELETE']] as const) {
      const strange = await charlie(method, `/templates/${made.id}`, body)
      expect(strange.status).toBe(404)
      expect(strange.body).toEqual((await charlie(method, '/templates/unknown', body)).body)
    }
    expect((await charlie('GET', '/templates')).body).toEqual({ items: [], next: null })
  })
})

describe('POST /api/templates/infer', () => {
  const upload = (name: string, content: string | Uint8Array<ArrayBuffer>) => {
    const form = new FormData()
    form.set('file', new Blob([content]), name)
    return ask('POST', '/templates/infer', form)
  }

  it('proposes columns with what speaks for each, and saves nothing', async () => {
    const { status, body } = await upload('stock.csv', 'SKU,Counted\n001,2024-02-28\n002,2024-03-01\n')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      rows: 2,
      header_row: 1,
      columns: [{ name: 'SKU' }, { name: 'Counted', type: 'date' }],
    })
    expect(body.columns[1].evidence.length).toBeGreaterThan(0)
    expect((await ask('GET', '/templates')).body.items).toEqual([])
    expect((await ask('POST', '/templates', body)).status).toBe(201)
    expect(readdirSync(`${workspace.context.config.data.root}/uploads`)).toEqual([])
  })

  const askOf = async (file: string, fields: Record<string, string>) => {
    const form = new FormData()
    form.set('file', new Blob([readFileSync(file)]), 'prices.xlsx')
    for (const [name, text] of Object.entries(fields)) form.set(name, text)
    return ask('POST', '/templates/infer', form)
  }

  it('looks where it is told to, and says which sheets there are', async () => {
    const prices = [
      ['Code', 'Net'],
      ['a', 1],
      ['b', 2],
    ]
    const file = workbookOf({ Empty: [], Prices: prices, Old: [['As of 2019'], [], ['Sku', 'Paid'], ['a', true]] }, [
      'Old',
    ])
    const sheets = [
      { name: 'Empty', hidden: false, empty: true, rows: 0 },
      { name: 'Prices', hidden: false, empty: false, rows: 3 },
      { name: 'Old', hidden: true, empty: false, rows: 4 },
    ]
    expect((await askOf(file, {})).body).toMatchObject({
      sheet: 'Prices',
      header_row: 1,
      rows: 2,
      sheets,
      warnings: [],
    })
    expect((await askOf(file, {})).body.dialect).toBeNull()
    const old = (await askOf(file, { sheet: 'Old', header_row: '3' })).body
    expect(old).toMatchObject({ sheet: 'Old', header_row: 3, rows: 1, columns: [{ name: 'Sku' }, { name: 'Paid' }] })
    expect(await askOf(file, { sheet: 'New' })).toMatchObject({ status: 422, body: { errors: [{ path: 'sheet' }] } })
    const nowhere = await askOf(file, { sheet: 'Old', header_row: '2' })
    expect(nowhere).toMatchObject({ status: 422, body: { code: 'no_header_row', errors: [{ path: 'header_row' }] } })
    expect(await askOf(file, { header_row: 'top' })).toMatchObject({ status: 422 })
  })

  it('joins a header in two lines, and reads a text as it is told to', async () => {
    const file = workbookOf({
      Prices: [['Prices of May'], ['Sku', 'Price', '', 'Note'], ['', 'net', 'gross'], ['a', 1, 1.2, 'x']],
    })
    const { body } = await askOf(file, {})
    expect(body.columns.map(({ name }: { name: string }) => name)).toEqual(['Sku', 'Price net', 'Price gross', 'Note'])
    expect(body).toMatchObject({
      header_row: 3,
      rows: 1,
      warnings: [expect.stringContaining('in two lines, rows 2 and 3')],
    })
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array([0x4e, 0xe4, 0x68, 0x2c, 0x42, 0x0a, 0x61, 0x2c, 0x62, 0x0a])]), 'a.csv')
    form.set('encoding', 'windows-1251')
    expect((await ask('POST', '/templates/infer', form)).body.columns[0].name).toBe('Nдh')
  })

  it('says how a text was read, and what was odd in its rows', async () => {
    const { body } = await upload('stock.csv', "'SKU';'Name'\n'001';'Rake; long'\n'002';'it''s a hose'\n")
    expect(body.dialect).toEqual({ encoding: 'utf-8', delimiter: ';', quote: "'", escape: "'" })
    expect(body.warnings).toEqual([])
    const bare = new FormData()
    bare.set('file', new Blob(['A,B\n"1,x"\n']), 'bare.csv')
    bare.set('quote', 'none')
    expect((await ask('POST', '/templates/infer', bare)).body).toMatchObject({
      rows: 1,
      dialect: { quote: '', escape: '' },
      columns: [{ name: 'A' }, { name: 'B' }],
    })
    const odd = await upload('stock.csv', 'SKU,Name\n001,"Rake\n002,Hose\n003,Pot\n')
    expect(odd.body).toMatchObject({
      rows: 3,
      dialect: { delimiter: ',', quote: '"' },
      warnings: [expect.stringContaining('A quotation mark has no pair in row 2')],
    })
  })

  it('leaves out a second table below the first and says so, unless all is one table', async () => {
    const file = workbookOf({
      May: [['Code', 'Net'], ['a', 1], ['b', 2], [], ['Scout', 'Sum'], ['Ana', 7], ['Bo', 8]],
    })
    const apart = (await askOf(file, {})).body
    expect(apart).toMatchObject({ rows: 2, columns: [{ name: 'Code' }, { name: 'Net', type: 'integer' }] })
    expect(apart.warnings).toEqual([
      expect.stringMatching(/^Rows 5 to 7 look like a second table \(Scout, Sum\) and were left out/),
    ])
    expect((await askOf(file, { header_row: '5' })).body).toMatchObject({ rows: 2, columns: [{ name: 'Scout' }, {}] })
    expect((await askOf(file, { one_table: 'yes' })).body).toMatchObject({
      rows: 5,
      columns: [{}, { type: 'text' }],
      warnings: [],
    })
  })

  it('leaves out a header that is printed again further down, and says so', async () => {
    const { body } = await upload('stock.csv', 'SKU,Price\n1,2\n\nSKU,Price\n3,4\n')
    expect(body).toMatchObject({ rows: 2, columns: [{ name: 'SKU' }, { name: 'Price', type: 'integer' }] })
    expect(body.warnings).toEqual(['Row 4 repeats the header and was left out.'])
  })

  it('refuses what is not a spreadsheet, and keeps nothing of it', async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
    expect(await upload('stock.xlsx', png)).toMatchObject({ status: 415, body: { code: 'not_a_spreadsheet' } })
    expect(await upload('stock.csv', '')).toMatchObject({ status: 422, body: { code: 'empty_file' } })
    expect(await ask('POST', '/templates/infer', { file: 'x' })).toMatchObject({ status: 415 })
    expect(readdirSync(`${workspace.context.config.data.root}/uploads`)).toEqual([])
  })
})
