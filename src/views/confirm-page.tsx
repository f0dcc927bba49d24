import type { Child } from 'hono/jsx'
import { Button, ButtonLink } from './button.tsx'
import { Layout } from './layout.tsx'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  title: string
  crumb: { href: string; text: string }
  action: string
  /** What the form posts again. */
  fields?: [string, string][]
  yes: string
  /** Where it leads, or the `action` that the form posts then. */
  no: { href: string; text: string } | { value: string; text: string }
  look?: 'danger' | 'primary'
  children?: Child
  /** What belongs to the question and is too long for its card. */
  below?: Child
}

/** Asks once, with the numbers, before something goes. */
export function ConfirmPage(props: Props) {
  const { viewer, title, crumb, action, fields = [], yes, no, look = 'danger', children, below } = props
  return (
    <Layout title={title} viewer={viewer} section="templates" narrow>
      <p class="crumbs">
        <a href={crumb.href}>{crumb.text}</a>
      </p>
      <h1>{title}</h1>
      <div class="stack-wide">
        <form method="post" action={action} class="card stack">
          {fields.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          {children}
          <div class="actions">
            <Button look={look}>{yes}</Button>
            {'href' in no ? (
              <ButtonLink href={no.href} look="quiet">
                {no.text}
              </ButtonLink>
            ) : (
              <Button look="quiet" name="action" value={no.value}>
                {no.text}
              </Button>
            )}
          </div>
        </form>
        {below}
      </div>
    </Layout>
  )
}
