import { upgradeWebSocket } from '@hono/node-server'
import { Hono } from 'hono'
import type { WebSocket } from 'ws'
import { CLOSE, type Hub } from '../live/hub.ts'
import { renderTopic } from '../live/render-topic.tsx'
import { allowedTopics } from '../live/topics.ts'
import type { Watcher } from '../live/watcher.ts'
import type { Context } from '../services/context.ts'
import { type FoundSession, findSession } from '../services/sessions.ts'
import { FailureLimit, networkOf } from '../services/sign-in-limits.ts'
import { clientAddress } from '../web/client-address.ts'
import type { Env } from '../web/env.ts'
import { sameOrigin } from '../web/origin-check.ts'
import { readSessionCookie } from '../web/session.ts'

/** No page says anything over its socket; whoever keeps doing so is no page. */
const MOST_MESSAGES = 100
/** "Policy violation" of RFC 6455, section 7.4.1, after which no browser comes back by itself. */
const NOT_LISTENING = 1008
/** A page whose session is over is told so once; an address from which so many come in an hour has none that listens. */
const ENDED_SESSIONS = { free: 300, longestMs: 60_000 }

/**
 * The socket of a page, and the same states by plain GET for pages whose socket is silent. Mounted before the session
 * middleware: a browser that reconnects with a session that is over must be told so by a close code, because an
 * answer of 401 to the handshake would make it try for ever.
 */
export function liveRoutes(context: Context, hub: Hub): Hono<Env> {
  const app = new Hono<Env>()
  const endedSessions = new FailureLimit(ENDED_SESSIONS)

  app.get(
    '/live',
    // Who asks and from where is settled before the upgrade; nothing later could stop the socket.
    async (c, next) => {
      if (!sameOrigin(c, context.config)) return c.text('Forbidden', 403)
      const session = findSession(context, readSessionCookie(c, context.config) ?? '')
      c.set('session', session)
      if (session !== undefined) return next()
      const [network, now] = [networkOf(clientAddress(c)), performance.now()]
      const wait = endedSessions.waitMs(network, now)
      if (wait > 0) return c.text('Too many', 429, { 'Retry-After': String(Math.ceil(wait / 1000)) })
      endedSessions.fail(network, now)
      return next()
    },
    upgradeWebSocket((c) => {
      const token = readSessionCookie(c, context.config) ?? ''
      const session: FoundSession | undefined = c.get('session')
      const topics = session === undefined ? [] : allowedTopics(context, session.member, c.req.queries('topic') ?? [])
      let watcher: Watcher | undefined
      let said = 0
      return {
        onOpen(_event, { raw }) {
          // The adapter types the raw socket by the few methods that it uses itself; what it hands over is a `ws` socket.
          const socket = raw as unknown as WebSocket
          if (session === undefined) return socket.close(CLOSE.signedOut, 'signed out')
          const { member, tokenHash, expiresAt } = session
          const lookAgain = () => endOf(findSession(context, token))
          watcher = { member, tokenHash, topics, socket, until: Date.parse(expiresAt), lookAgain }
          socket.on('pong', () => watcher && hub.answered(watcher))
          hub.open(watcher)
        },
        // One way: whatever a page wants, it asks by HTTP, with all the checks that stand there.
        onMessage(_event, socket) {
          said += 1
          if (said > MOST_MESSAGES) socket.close(NOT_LISTENING, 'this socket only speaks')
        },
        onClose() {
          if (watcher !== undefined) hub.close(watcher)
        },
      }
    }),
  )

  app.get('/live/state', async (c) => {
    const session = findSession(context, readSessionCookie(c, context.config) ?? '')
    if (session === undefined) return c.text('Signed out', 401)
    const topics = allowedTopics(context, session.member, c.req.queries('topic') ?? [])
    const states = await Promise.all(topics.map((topic) => renderTopic(context, topic, session.member)))
    c.header('Cache-Control', 'no-store')
    return c.html(states.join(''))
  })

  return app
}

function endOf(session: FoundSession | undefined): number | undefined {
  return session === undefined ? undefined : Date.parse(session.expiresAt)
}
