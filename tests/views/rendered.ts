import type { JSX } from 'hono/jsx/jsx-runtime'
import { renderFragment } from '../../src/views/render.ts'

/** What a person reads of a view: its texts in a row, without the marks around them. */
export function textOf(node: JSX.Element): string {
  return renderFragment(node)
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
