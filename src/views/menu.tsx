import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

/** A button that opens a short list; works without a script. */
export function Menu({ label, icon, children }: { label: string; icon?: IconName; children?: Child }) {
  return (
    <details class="menu" name="menu">
      <summary class="button button-plain">
        {icon && <Icon name={icon} />}
        {label}
        <Icon name="chevron" />
      </summary>
      <div class="menu-list">{children}</div>
    </details>
  )
}

type ItemProps = { action: string; fields: Record<string, string>; note?: string; children?: Child }

export function MenuPost({ action, fields, note, children }: ItemProps) {
  return (
    <form method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class="menu-item" type="submit">
        {children}
        {note && <span class="quiet"> {note}</span>}
      </button>
    </form>
  )
}
