import { ButtonLink } from './button.tsx'
import { Layout } from './layout.tsx'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer | null
  title: string
  message: string
  hint?: string | null
  /** What whoever runs the server finds in its log. */
  reference?: string | null
  back: { href: string; text: string }
}

/** A page that has only something to say, and the way back. */
export function MessagePage({ viewer, title, message, hint, reference, back }: Props) {
  return (
    <Layout title={title} viewer={viewer} narrow>
      <h1>{title}</h1>
      <div class="card stack">
        <p class="lead">{message}</p>
        {hint && <p>{hint}</p>}
        {reference && (
          <p class="quiet">
            Reference <code>{reference}</code>
          </p>
        )}
        <div class="actions">
          <ButtonLink href={back.href} look="primary">
            {back.text}
          </ButtonLink>
        </div>
      </div>
    </Layout>
  )
}
