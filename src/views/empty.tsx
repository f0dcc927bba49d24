import type { Child } from 'hono/jsx'

/** Nothing is here yet: what belongs here and how to get it. */
export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}
