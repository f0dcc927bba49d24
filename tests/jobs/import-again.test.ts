import { expect, test } from 'vitest'
import { findJobById } from '../../src/db/jobs.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { Api } from '../support/api.ts'
import { ITEMS } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'
import { addMember } from '../support/workspace.ts'

const TITLED = (sku: string) => `Stock of the week;;\nArtikelnummer;Name;Price\n${sku};A;1,5\n`
const SAID = { header_row: '2', mapping: '{"Artikelnummer": "SKU"}', decimal: 'comma', on_problems: 'reject' }

/** An import that had to be told how its file is to be read. */
async function told() {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const first = await server.api.import(template.id, { name: 'week 1.csv', text: TITLED('1') }, SAID)
  expect(first).toMatchObject({ status: 'completed', counts: { created: 1 } })
  return { server, api: server.api, template, first }
}

test('an import with the settings of another one need not be told again how its file is to be read', async () => {
  const { server, api, template, first } = await told()
  const next = { name: 'week 2.csv', text: TITLED('2') }
  expect((await api.import(template.id, next)).status).toBe('failed')
  const again = await api.import(template.id, next, { settings_of: first.id })
  expect(again).toMatchObject({ status: 'completed', on_problems: 'reject', counts: { created: 1 } })
  expect((await api.records(template.id)).map(({ values }) => values.Price)).toEqual([1.5, 1.5])
  expect(findJobById(server.context.db, again.id)?.input).toEqual(findJobById(server.context.db, first.id)?.input)
})

test('what is said beside it goes before the settings, an empty field too, and a check or a force is not among them', async () => {
  const { server, api, template } = await told()
  const check = { ...SAID, dry_run: 'true', force: 'true', mode: 'add' }
  const first = await api.import(template.id, { name: 'check.csv', text: TITLED('3') }, check)
  const text = 'SKU;Name;Price\n4;D;2,5\n'
  const again = { settings_of: first.id, header_row: '', mode: 'update' }
  const job = await api.import(template.id, { name: 'plain.csv', text }, again)
  expect(job).toMatchObject({ status: 'completed', mode: 'update', counts: { created: 1 } })
  expect(findJobById(server.context.db, job.id)?.input).toMatchObject({
    dryRun: false,
    force: false,
    reading: { headerRow: null, mapping: { Artikelnummer: expect.any(String) } },
  })
})

test('settings of another template, another team, or a job that is no import are refused alike', async () => {
  const { server, api, template, first } = await told()
  const other = await api.createTemplate({ ...ITEMS, name: 'Other' })
  const charlie = addMember(server.context, 'Charlie')
  const strange = new Api(server.url, createApiKey(server.context, charlie, 'test').key)
  const own = await strange.createTemplate(ITEMS)
  const written = await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, { format: 'csv' })
  for (const [who, id, job] of [
    [api, other.id, first],
    [api, template.id, written],
    [api, template.id, { id: 'unknown' }],
    [strange, own.id, first],
  ] as const) {
    const answer = await who.upload(id, { name: 'x.csv', text: 'SKU\n1\n' }, { settings_of: job.id })
    expect(answer).toMatchObject({ status: 422, body: { code: 'no_settings', errors: [{ path: 'settings_of' }] } })
  }
  await api.settled(written)
})

test('headers that were matched with a column that has left the template are matched afresh', async () => {
  const { api, template, first } = await told()
  const url = `/api/templates/${template.id}`
  const { columns } = await api.ask<{ columns: { name: string }[] }>('GET', url)
  const renamed = await api.import(
    template.id,
    { name: 'r.csv', text: 'SKU;Nom\n7;G\n' },
    { mapping: '{"Nom": "Name"}' },
  )
  await api.ask('PATCH', url, { columns: columns.filter(({ name }) => name !== 'Name'), force: true })
  const again = await api.import(template.id, { name: 's.csv', text: 'SKU;Nom\n8;H\n' }, { settings_of: renamed.id })
  expect(again).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect(first.status).toBe('completed')
})
