import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { assets } from '../../src/routes/assets.ts'

const CSS = path.resolve(import.meta.dirname, '../../public/css')

test('a page asks for one stylesheet, which holds every other', async () => {
  const answer = await assets().request('/css/app.css')
  expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8')
  const whole = await answer.text()
  expect(whole).not.toContain('@import')
  for (const name of readdirSync(CSS)) {
    if (name !== 'app.css') expect(whole, name).toContain(readFileSync(path.join(CSS, name), 'utf8'))
  }
})

test('a file that has not changed is not sent again', async () => {
  const app = assets()
  const etag = (await app.request('/htmx.js')).headers.get('etag') ?? ''
  const again = await app.request('/htmx.js', { headers: { 'If-None-Match': etag } })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
})

test('only files of the list exist, whatever a path says', async () => {
  for (const address of ['/../package.json', '/css/%2e%2e/%2e%2e/package.json', '/css', '/nothing.css']) {
    expect((await assets().request(address)).status, address).toBe(404)
  }
})
