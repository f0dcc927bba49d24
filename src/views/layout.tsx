import type { Child } from 'hono/jsx'
import { Header, type Section } from './header.tsx'
import { NoticesRegion } from './notices-region.tsx'
import type { Viewer } from './viewer.ts'

type Props = {
  title: string
  viewer: Viewer | null
  section?: Section
  /** What the page wants pushed, beside the notices: "job:<id>", "template:<id>", "jobs". */
  liveTopics?: string[]
  /** Without JavaScript the page loads itself again after so many seconds. */
  refreshSeconds?: number | null
  /** A column of reading width for forms and messages. */
  narrow?: boolean
  children?: Child
}

const htmxConfig = JSON.stringify({
  history: false,
  noSwap: [204, 304, '5xx'],
  includeIndicatorCSS: false,
  // What a person opened stays open when its region is pushed.
  morphIgnore: ['data-htmx-powered', 'open'],
  // A tab in the background tells how far its job is, so it keeps listening.
  ws: { pauseOnBackground: false, reconnectMaxDelay: 5000 },
})

export function Layout({ title, viewer, section, liveTopics = [], refreshSeconds, narrow, children }: Props) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={htmxConfig} />
        <title>{title === 'Sheetport' ? title : `${title} · Sheetport`}</title>
        <link rel="icon" href="/assets/icons/logo.svg" type="image/svg+xml" />
        <link rel="preload" href="/assets/inter.woff2" as="font" type="font/woff2" crossorigin="anonymous" />
        <link rel="stylesheet" href="/assets/css/app.css" />
        {/* Not deferred: htmx then waits for the whole page, and so for its extension and for who listens to it. */}
        <script src="/assets/htmx.js" />
        <script src="/assets/hx-ws.js" defer />
        <script src="/assets/js/local-time.js" type="module" />
        {viewer && <script src="/assets/js/live.js" type="module" />}
        {viewer && <script src="/assets/js/focus.js" type="module" />}
        {viewer && <script src="/assets/js/upload.js" type="module" />}
        {viewer && <script src="/assets/js/reorder.js" type="module" />}
        {viewer && <script src="/assets/js/edit-cells.js" type="module" />}
        {refreshSeconds && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
      </head>
      <body {...(viewer && { 'hx-ws:connect': liveAddress(liveTopics) })}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header viewer={viewer} section={section} />
        {viewer && <NoticesRegion notices={viewer.notices} />}
        <main id="main" class={narrow ? 'page page-narrow' : 'page'} tabindex={-1}>
          {children}
        </main>
      </body>
    </html>
  )
}

function liveAddress(topics: string[]): string {
  const search = new URLSearchParams()
  for (const topic of ['notices', ...topics]) search.append('topic', topic)
  return `/live?${search}`
}
