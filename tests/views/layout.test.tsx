import { describe, expect, test } from 'vitest'
import { Layout } from '../../src/views/layout.tsx'
import { NOTICES_ID, type NoticeView } from '../../src/views/notices-region.tsx'
import { renderPage } from '../../src/views/render.ts'
import type { Viewer } from '../../src/views/viewer.ts'

const notice: NoticeView = {
  id: 'n1',
  message: '<b>stock.xlsx</b> needs a look',
  status: 'review',
  job: { id: 'j1', template_id: 't1' },
  createdAt: '2026-07-01T09:40:00.000Z',
  readAt: null,
  fresh: true,
}
const viewer: Viewer = {
  user: { name: 'Ana', email: 'ana@example.org' },
  team: { name: 'Northwind' },
  notices: [notice],
}

describe('every page', () => {
  test('holds no inline script and no inline style', () => {
    const html = renderPage(<Layout title="Templates" viewer={viewer} liveTopics={['jobs']} refreshSeconds={2} />)
    expect(html).toContain('<script src=')
    expect(html).not.toMatch(/<script(?![^>]* src=)/)
    expect(html).not.toMatch(/ (style|on\w+|hx-on[^=]*)="/)
  })

  test('watches the notices and its own topics', () => {
    const html = renderPage(<Layout title="Templates" viewer={viewer} liveTopics={['template:t1']} />)
    expect(html).toContain('hx-ws:connect="/live?topic=notices&amp;topic=template%3At1"')
    expect(html).toContain(`id="${NOTICES_ID}"`)
    expect(html).toContain('&lt;b&gt;stock.xlsx&lt;/b&gt; needs a look')
  })

  test('opens no socket for somebody who is not signed in', () => {
    const html = renderPage(<Layout title="Sign in" viewer={null} />)
    expect(html).not.toContain('hx-ws:connect')
    expect(html).not.toContain('live.js')
  })

  test('loads itself again without JavaScript only where it is asked to', () => {
    const refreshing = renderPage(<Layout title="Jobs" viewer={viewer} refreshSeconds={2} />)
    expect(refreshing).toContain('<noscript><meta http-equiv="refresh" content="2"/></noscript>')
    expect(renderPage(<Layout title="Jobs" viewer={viewer} />)).not.toContain('http-equiv="refresh"')
  })
})
