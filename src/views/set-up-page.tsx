import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { type FieldError, FormErrors } from './form-errors.tsx'
import { Layout } from './layout.tsx'

export type SetUpValues = { name: string; email: string; team: string; code: string }

type Props = { values: SetUpValues; message: string | null; errors: FieldError[] }

/** The first visit ever: whoever has the link of the console becomes the owner. */
export function SetUpPage({ values, message, errors }: Props) {
  return (
    <Layout title="Set up" viewer={null} narrow>
      <h1>Welcome to Sheetport</h1>
      <p class="lead">
        Templates say what a clean row looks like, people drop spreadsheets on them, and you see live what becomes of
        every row. First, who are you?
      </p>
      <FormErrors message={message} />
      <form method="post" action="/set-up" class="card stack">
        <input type="hidden" name="code" value={values.code} />
        <Field
          name="name"
          label="Your name"
          value={values.name}
          required
          autocomplete="name"
          autofocus
          errors={errors}
        />
        <Field
          name="email"
          label="E-mail"
          type="email"
          value={values.email}
          required
          autocomplete="username"
          hint="You sign in with it."
          errors={errors}
        />
        <Field
          name="password"
          label="Password"
          type="password"
          required
          minlength={10}
          autocomplete="new-password"
          hint="At least 10 characters."
          errors={errors}
        />
        <Field
          name="team"
          label="Name of your team"
          value={values.team}
          autocomplete="organization"
          hint="Optional. Your templates belong to the team."
          errors={errors}
        />
        <div class="actions">
          <Button look="primary">Create my account</Button>
        </div>
      </form>
    </Layout>
  )
}

/** Set-up was opened without the code that the console shows. */
export function SetUpLockedPage() {
  return (
    <Layout title="Set up" viewer={null} narrow>
      <h1>Sheetport is running</h1>
      <div class="card stack">
        <p class="lead">It has no owner yet, and you may be the one.</p>
        <p>
          Look at the console in which it was started: it shows a link to set it up. Only who can see that console can
          take it into possession, so nobody else does it before you.
        </p>
      </div>
    </Layout>
  )
}
