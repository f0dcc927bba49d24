import type { JSX } from 'hono/jsx/jsx-runtime'

/** Views are synchronous, so a tree becomes text at once. A tree that isn't is a mistake of ours. */
export function renderFragment(node: JSX.Element): string {
  const text = node.toString()
  if (typeof text !== 'string') throw new Error('A view rendered asynchronously')
  return text
}

export function renderPage(node: JSX.Element): string {
  return `<!doctype html>\n${renderFragment(node)}`
}
