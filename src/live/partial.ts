import type { JSX } from 'hono/jsx/jsx-runtime'
import { renderFragment } from '../views/render.ts'

/**
 * The fragment that replaces the element with this id, whole. A page that has no such element ignores it.
 * Morphing keeps focus, open details and running transitions where nothing changed.
 */
export function partial(id: string, content: JSX.Element): string {
  const swap = 'outerMorph'
  return `<hx-partial hx-target="#${id}" hx-swap="${swap}">${renderFragment(content)}</hx-partial>`
}
