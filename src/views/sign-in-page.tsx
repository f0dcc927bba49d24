import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { FormErrors } from './form-errors.tsx'
import { Layout } from './layout.tsx'

type Props = { email: string; next: string; message: string | null }

export function SignInPage({ email, next, message }: Props) {
  return (
    <Layout title="Sign in" viewer={null} narrow>
      <h1>Sign in</h1>
      <FormErrors message={message} />
      <form method="post" action="/sign-in" class="card stack">
        <input type="hidden" name="next" value={next} />
        <Field
          name="email"
          label="E-mail"
          type="email"
          value={email}
          required
          autocomplete="username"
          autofocus={email === ''}
        />
        <Field
          name="password"
          label="Password"
          type="password"
          required
          autocomplete="current-password"
          autofocus={email !== ''}
        />
        <div class="actions">
          <Button look="primary">Sign in</Button>
        </div>
      </form>
    </Layout>
  )
}
