import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

type Look = 'primary' | 'plain' | 'danger' | 'quiet'

type ButtonProps = {
  look?: Look
  icon?: IconName
  name?: string
  value?: string
  /** Leave the browser's own checks of the form out. */
  unchecked?: boolean
  children?: Child
}

export function Button({ look = 'plain', icon, name, value, unchecked, children }: ButtonProps) {
  return (
    <button class={`button button-${look}`} type="submit" name={name} value={value} formnovalidate={unchecked}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

type LinkProps = { href: string; look?: Look; icon?: IconName; download?: boolean; children?: Child }

export function ButtonLink({ href, look = 'plain', icon, download, children }: LinkProps) {
  return (
    <a class={`button button-${look}`} href={href} download={download}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}

type PostProps = {
  action: string
  look?: Look
  icon?: IconName
  fields?: Record<string, string | null>
  children?: Child
}

/** A button that posts and nothing else. */
export function PostButton({ action, look, icon, fields = {}, children }: PostProps) {
  return (
    <form method="post" action={action} class="inline-form">
      {Object.entries(fields).map(
        ([name, value]) => value !== null && <input type="hidden" name={name} value={value} />,
      )}
      <Button look={look} icon={icon}>
        {children}
      </Button>
    </form>
  )
}
