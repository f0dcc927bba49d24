import { Hono } from 'hono'
import { setUpNeeded, setUpOwner } from '../services/accounts.ts'
import { createApiKey, listApiKeys, revokeApiKey } from '../services/api-keys.ts'
import { type Context, type Member, Refusal } from '../services/context.ts'
import { viewKeeping } from '../services/keeping.ts'
import { signOut } from '../services/sessions.ts'
import { signIn } from '../services/sign-in.ts'
import { renderPage } from '../views/render.ts'
import { SetUpLockedPage, SetUpPage, type SetUpValues } from '../views/set-up-page.tsx'
import { SettingsPage } from '../views/settings-page.tsx'
import { SignInPage } from '../views/sign-in-page.tsx'
import { clientAddress } from '../web/client-address.ts'
import type { Env } from '../web/env.ts'
import { ownPath } from '../web/own-path.ts'
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../web/session.ts'
import { formFields } from './form-fields.ts'
import { viewer } from './viewer.ts'

/** Pages for people who are not signed in. */
export function visitorPages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/sign-in', (c) => {
    if (setUpNeeded(context)) return c.redirect('/set-up', 303)
    if (c.get('session') !== undefined) return c.redirect(ownPath(c.req.query('next')), 303)
    return c.html(renderPage(<SignInPage email="" next={ownPath(c.req.query('next'))} message={null} />))
  })

  app.post('/sign-in', async (c) => {
    const form = new Map(await formFields(c))
    const next = ownPath(form.get('next'))
    try {
      const session = await signIn(context, {
        email: form.get('email'),
        password: form.get('password'),
        address: clientAddress(c),
        previousToken: readSessionCookie(c, context.config),
      })
      setSessionCookie(c, context.config, session)
      return c.redirect(next, 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const page = <SignInPage email={form.get('email') ?? ''} next={next} message={`${error.message} ${error.hint}`} />
      return c.html(renderPage(page), error.status)
    }
  })

  app.get('/set-up', (c) => {
    if (!setUpNeeded(context)) return c.redirect('/sign-in', 303)
    const code = c.req.query('code') ?? ''
    if (code === '') return c.html(renderPage(<SetUpLockedPage />))
    return c.html(setUpPage({ name: '', email: '', team: '', code }))
  })

  app.post('/set-up', async (c) => {
    const form = new Map(await formFields(c))
    try {
      const session = await setUpOwner(context, Object.fromEntries(form))
      setSessionCookie(c, context.config, session)
      return c.redirect('/templates', 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const text = (name: string) => form.get(name) ?? ''
      const values = { name: text('name'), email: text('email'), team: text('team'), code: text('code') }
      return c.html(setUpPage(values, error), error.status)
    }
  })

  return app
}

/** The person's own pages. */
export function accountPages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.post('/sign-out', (c) => {
    const session = c.get('session')
    if (session !== undefined) signOut(context, session.tokenHash)
    clearSessionCookie(c, context.config)
    return c.redirect('/sign-in', 303)
  })

  app.get('/settings', (c) => c.html(settingsPage(context, c.get('member'), {})))

  // The key is shown once, in the answer itself: an address that shows it again must not exist.
  app.post('/settings/keys', async (c) => {
    const member = c.get('member')
    const name = new Map(await formFields(c)).get('name') ?? ''
    try {
      const { key } = createApiKey(context, member, name)
      return c.html(settingsPage(context, member, { made: { name: name.trim(), key } }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return c.html(settingsPage(context, member, { refused: error }), error.status)
    }
  })

  app.post('/settings/keys/:id/revoke', (c) => {
    revokeApiKey(context, c.get('member'), c.req.param('id'))
    return c.redirect('/settings', 303)
  })

  return app
}

function setUpPage(values: SetUpValues, refused?: Refusal): string {
  const message = refused && refused.fields.length === 0 ? `${refused.message} ${refused.hint}` : null
  return renderPage(<SetUpPage values={values} message={message} errors={refused?.fields ?? []} />)
}

type Settings = { made?: { name: string; key: string }; refused?: Refusal }

function settingsPage(context: Context, member: Member, { made, refused }: Settings): string {
  return renderPage(
    <SettingsPage
      viewer={viewer(context, member)}
      keys={listApiKeys(context, member)}
      made={made ?? null}
      errors={refused?.fields ?? []}
      {...viewKeeping(context)}
    />,
  )
}
