import { Button, PostButton } from './button.tsx'
import { Field } from './field.tsx'
import { type FieldError, FormErrors } from './form-errors.tsx'
import { type Keeping, KeptFiles, type SweepView } from './kept-files.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import type { Viewer } from './viewer.ts'

export type ApiKeyView = { id: string; name: string; prefix: string; createdAt: string; lastUsedAt: string | null }

type Props = {
  viewer: Viewer
  keys: ApiKeyView[]
  /** A key that was just made: the only time it can be shown. */
  made: { name: string; key: string } | null
  errors: FieldError[]
  keeping: Keeping
  sweeps: SweepView[]
}

export function SettingsPage({ viewer, keys, made, errors, keeping, sweeps }: Props) {
  return (
    <Layout title="Settings" viewer={viewer} section="settings">
      <div class="page-head">
        <h1>Settings</h1>
      </div>
      <div class="stack-wide">
        <section class="card stack" aria-labelledby="account">
          <h2 id="account">Account</h2>
          <dl class="facts">
            <dt>Name</dt>
            <dd>{viewer.user.name}</dd>
            <dt>E-mail</dt>
            <dd>{viewer.user.email}</dd>
            <dt>Team</dt>
            <dd>{viewer.team.name}</dd>
          </dl>
          <PostButton action="/sign-out">Sign out</PostButton>
        </section>
        <section class="card" aria-labelledby="keys">
          <h2 id="keys">API keys</h2>
          <p>
            With a key a program does what you can do here, for example{' '}
            <code>curl -H "Authorization: Bearer …" /api/templates</code>.
          </p>
          {made && <NewKey made={made} />}
          <FormErrors message={null} errors={errors} />
          <KeyList keys={keys} />
          <form method="post" action="/settings/keys" class="row-form">
            <Field name="name" label="What is the key for?" required errors={[]} />
            <Button look={made ? 'plain' : 'primary'} icon="plus">
              Make a key
            </Button>
          </form>
        </section>
        <KeptFiles keeping={keeping} sweeps={sweeps} />
      </div>
    </Layout>
  )
}

function NewKey({ made }: { made: { name: string; key: string } }) {
  return (
    <div class="callout callout-good" role="status">
      <div>
        <p>
          <strong>The key “{made.name}” is made.</strong> Copy it now: it is not shown again.
        </p>
        <p>
          <code class="secret">{made.key}</code>
        </p>
      </div>
    </div>
  )
}

function KeyList({ keys }: { keys: ApiKeyView[] }) {
  if (keys.length === 0) return <p class="quiet">There are no keys yet.</p>
  return (
    <ul class="rows">
      {keys.map((key) => (
        <li class="row">
          <div class="row-main">
            <p>
              <strong>{key.name}</strong> <code>{key.prefix}…</code>
            </p>
            <p class="quiet">
              Made <Time at={key.createdAt} />,{' '}
              {key.lastUsedAt ? (
                <>
                  last used <Time at={key.lastUsedAt} />
                </>
              ) : (
                'never used'
              )}
            </p>
          </div>
          <PostButton action={`/settings/keys/${key.id}/revoke`} look="quiet">
            Revoke {key.name}
          </PostButton>
        </li>
      ))}
    </ul>
  )
}
