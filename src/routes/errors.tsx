import type { ErrorHandler, Context as HonoContext, NotFoundHandler } from 'hono'
import type { Context } from '../services/context.ts'
import { MessagePage } from '../views/message-page.tsx'
import { renderPage } from '../views/render.ts'
import type { Env } from '../web/env.ts'
import { type Explained, explainError } from '../web/explain-error.ts'
import { problem } from '../web/problem-json.ts'
import { viewer } from './viewer.ts'

type Back = { href: string; text: string }

/** The answer to an address that means nothing. */
export function notFoundPage(context: Context): NotFoundHandler<Env> {
  return (c) => {
    const found = /^\/templates\/([a-z0-9]+)\/./.exec(c.req.path)?.[1]
    const page = (
      <MessagePage
        viewer={viewerOf(context, c)}
        title="There is no such page"
        message={`Nothing is at ${c.req.path}. It may have been deleted or never existed.`}
        back={found === undefined ? templates : { href: `/templates/${found}`, text: 'Back to the template' }}
      />
    )
    return c.html(renderPage(page), 404)
  }
}

/** The answer when something was refused or went wrong. */
export function errorPage(context: Context): ErrorHandler<Env> {
  return (error, c) => {
    const explained = explainError(c, error)
    if (c.req.path.endsWith('.json')) return problem(c, explained)
    return c.html(renderPage(<ErrorMessage context={context} c={c} explained={explained} />), explained.status)
  }
}

type Props = { context: Context; c: HonoContext<Env>; explained: Explained }

function ErrorMessage({ context, c, explained }: Props) {
  return (
    <MessagePage
      viewer={viewerOf(context, c)}
      title={
        GONE[explained.code] ??
        TITLES[explained.status] ??
        (explained.status >= 500 ? 'That did not work' : 'That is not possible now')
      }
      message={explained.message}
      hint={explained.hint}
      reference={explained.reference}
      back={
        explained.link === undefined
          ? wayBack(c, explained)
          : { href: explained.link, text: 'See what stands in the way' }
      }
    />
  )
}

/** Who follows an old link knows by the title alone what has become of it. */
const GONE: Record<string, string> = {
  no_job: 'This job is no longer here',
  no_template: 'This template is no longer here',
  no_record: 'This record is no longer here',
  no_export: 'This job has no file',
}

const TITLES: Record<number, string> = {
  403: 'Not from here',
  404: 'Not found',
  410: 'No longer kept',
  413: 'Too large',
  415: 'Not a spreadsheet',
  429: 'Too many tries',
}

const templates: Back = { href: '/templates', text: 'Go to the templates' }

/** From a file that is gone back to its job, and from something else below a template to it, unless that is what is missing. */
function wayBack(c: HonoContext<Env>, { status, code }: Explained): Back {
  const job = /^\/templates\/[a-z0-9]+\/jobs\/[a-z0-9]+(?=\/)/.exec(c.req.path)?.[0]
  if (job !== undefined && (status === 410 || code === 'no_export')) return { href: job, text: 'Back to the job' }
  const [, template, below] = /^\/templates\/([a-z0-9]+)(\/.+)?$/.exec(c.req.path) ?? []
  const isMissing = code === 'no_template' || below === undefined
  if (template === undefined || template === 'new' || isMissing) return templates
  return { href: `/templates/${template}`, text: 'Back to the template' }
}

/** Who looks, as far as that is known: an error may come before anybody has looked at the cookie. */
function viewerOf(context: Context, c: HonoContext<Env>) {
  const session = c.get('session')
  return session === undefined ? null : viewer(context, session.member)
}
