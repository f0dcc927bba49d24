import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Member } from '../../../src/services/context.ts'
import { addPeople, apiClient, openWorkspace, type Workspace } from '../../support/workspace.ts'

let workspace: Workspace
let people: { alice: Member; bob: Member; charlie: Member }
let ask: ReturnType<typeof apiClient>
let records: string

beforeAll(async () => {
  workspace = openWorkspace()
  people = addPeople(workspace.context)
  ask = apiClient(workspace.context, people.alice)
  const { body } = await ask('POST', '/templates', {
    name: 'Stock',
    key: ['SKU'],
    columns: [
      { name: 'SKU', type: 'text', required: true },
      { name: 'Unit price', type: 'number' },
      { name: 'Active', type: 'boolean' },
      { name: 'Counted', type: 'date' },
    ],
  })
  records = `/templates/${body.id}/records`
})
afterAll(() => workspace.close())

describe('the records of a template', () => {
  it('are made, answered, changed and deleted with typed values by name', async () => {
    const values = { SKU: '007', 'Unit price': 1.5, Active: true, Counted: '2024-02-28' }
    const made = await ask('POST', records, { values })
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: expect.any(Number),
      values,
      import: null,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    })
    const url = `${records}/${made.body.id}`
    expect(made.headers.get('location')).toBe(`/api${url}`)
    expect((await ask('GET', url)).body).toEqual(made.body)
    const changed = await ask('PATCH', url, { values: { 'Unit price': null } })
    expect(changed.body.values).toEqual({ ...values, 'Unit price': null })
    expect((await ask('DELETE', url)).status).toBe(204)
    expect((await ask('GET', url)).status).toBe(404)
  })

  it('are listed by page, search, filter and order', async () => {
    for (const [SKU, price] of [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ] as const) {
      await ask('POST', records, { values: { SKU, 'Unit price': price } })
    }
    const skus = async (query: string) => {
      const { body } = await ask('GET', `${records}?${query}`)
      return body.items.map((item: { values: { SKU: string } }) => item.values.SKU)
    }
    expect(Object.keys((await ask('GET', records)).body)).toEqual(['items', 'next'])
    expect(await skus('sort=-Unit%20price')).toEqual(['b', 'c', 'a'])
    expect(await skus('q=C')).toEqual(['c'])
    expect(await skus(`${encodeURIComponent('filter[Unit price]')}=3`)).toEqual(['b'])
    const { body } = await ask('GET', `${records}?limit=2`)
    expect(await skus(`limit=2&cursor=${body.next}`)).toEqual(['c'])
  })

  it.each([
    ['POST', '', { values: { SKU: 'x', Colour: 1 } }, 422],
    ['POST', '', { SKU: 'x' }, 422],
    ['POST', '', [], 422],
    ['GET', '?sort=Colour', undefined, 422],
    ['GET', '?filter%5BColour%5D=x', undefined, 422],
    ['GET', '/0', undefined, 404],
    ['GET', '/abc', undefined, 404],
    ['GET', '/999999999999999999', undefined, 404],
    ['PATCH', '/999', { values: { SKU: 'x' } }, 404],
    ['DELETE', '/-1', undefined, 404],
  ])('refuse %s %s %j with %i', async (method, path, body, status) => {
    expect((await ask(method, records + path, body)).status).toBe(status)
  })

  it('are the same nothing to a stranger as those of an unknown template', async () => {
    const charlie = apiClient(workspace.context, people.charlie)
    const values = { SKU: 'x' }
    const asked = [
      ['GET', ''],
      ['POST', '', { values }],
      ['GET', '/1'],
      ['PATCH', '/1', { values }],
      ['DELETE', '/1'],
    ] as const
    for (const [method, path, body] of asked) {
      const strange = await charlie(method, records + path, body)
      const unknown = await charlie(method, `/templates/unknown/records${path}`, body)
      expect({ status: strange.status, body: strange.body }).toEqual({ status: 404, body: unknown.body })
    }
  })
})
