import type { Child } from 'hono/jsx'

type Props = { label: string; tall?: boolean; children?: Child }

/** Tables scroll inside their own frame, also with the keyboard. */
export function TableFrame({ label, tall = false, children }: Props) {
  return (
    <section class={tall ? 'table-frame table-tall' : 'table-frame'} tabindex={0} aria-label={label}>
      {children}
    </section>
  )
}
