import { expect, test } from 'vitest'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'

test('a CSV has semicolons for who asks for them, and comes back without a change', async () => {
  const { api } = await runServer()
  const { id } = await api.createTemplate(ITEMS)
  const rows: Parameters<typeof itemsCsv>[0] = [
    ['1', 'nuts; bolts', 1.5],
    ['2', 'B', 2],
  ]
  await api.import(id, { name: 'two.csv', text: itemsCsv(rows) })
  const usual = (await api.export(id, { format: 'csv', content: 'data' })).toString('utf8')
  expect(usual).toMatch(/^\ufeff__record_id,SKU,/)
  const file = (await api.export(id, { format: 'csv', content: 'data', delimiter: 'semicolon' })).toString('utf8')
  expect(file).toMatch(/^\ufeff__record_id;SKU;/)
  expect(file).toContain('"nuts; bolts"')
  const back = await api.import(id, { name: 'back.csv', text: file })
  expect(back).toMatchObject({ status: 'completed', counts: { read: 2, unchanged: 2 } })
  const wrong = await api.request('POST', `/api/templates/${id}/exports`, { format: 'csv', delimiter: 'tab' })
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'delimiter' }] } })
})
