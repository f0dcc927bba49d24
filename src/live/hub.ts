import { setTimeout as pause } from 'node:timers/promises'
import { log } from '../log.ts'
import type { Member } from '../services/context.ts'
import type { Topic } from './topics.ts'

/** The part of a `ws` socket that the hub uses. */
export type Socket = {
  readonly bufferedAmount: number
  send(data: string): void
  close(code: number, reason: string): void
  terminate(): void
  ping(): void
}

export type Watcher = {
  member: Member
  tokenHash: string
  topics: Topic[]
  socket: Socket
  /** Until when the session lasts as far as is known, in milliseconds since 1970. */
  until: number
  /** Looks again how long the session lasts; undefined when it is over. */
  lookAgain(): number | undefined
}

/** Close codes that tell the browser's side whether to come back. */
export const CLOSE = { restart: 1012, overload: 1013, signedOut: 4401 } as const

/** Pushes of one topic come at most this often; the last state always goes out. */
const PUSH_EVERY_MS = 250
/** A reader that is this far behind costs memory that others need; it may come back and get the whole state. */
const MAX_BUFFERED_BYTES = 1024 * 1024
const MAX_SOCKETS_PER_SESSION = 20
const MAX_SOCKETS_PER_USER = 600
const MAX_SOCKETS = 10_000
/** Sessions end at a time of their own, and a socket must not outlive its session by more than this. */
const TICK_MS = 1000
const TICKS_PER_BEAT = 5
/** A peer that has gone without a word answers no ping; after two it is let go. */
const TICKS_PER_PING = 30
const MOST_PINGS_MISSED = 2

type Push = { topic: Topic; member: Member; again: boolean }

/**
 * Who watches what. Each push is the whole current state of a topic, rendered once for everyone who watches it
 * with the same rights.
 */
export class Hub {
  /** With how many pings in a row each has not answered. */
  readonly #watchers = new Map<Watcher, number>()
  /** Topics that were pushed a moment ago, by who may see what. */
  readonly #recent = new Map<string, Push>()
  readonly #render: (topic: Topic, member: Member) => Promise<string>
  readonly #timer: NodeJS.Timeout
  #ticks = 0

  constructor(render: (topic: Topic, member: Member) => Promise<string>) {
    this.#render = render
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
  }

  get size(): number {
    return this.#watchers.size
  }

  /** Lets a socket in and sends it the whole current state of its topics. */
  open(watcher: Watcher): void {
    if (this.#isCrowded(watcher)) {
      watcher.socket.close(CLOSE.overload, 'too many sockets')
      return
    }
    this.#watchers.set(watcher, 0)
    for (const topic of watcher.topics) void this.#sendState(topic, watcher.member, [watcher])
  }

  #isCrowded({ tokenHash, member }: Watcher): boolean {
    const ofUser = [...this.#watchers.keys()].filter((other) => other.member.user.id === member.user.id)
    const ofSession = ofUser.filter((other) => other.tokenHash === tokenHash)
    return (
      ofSession.length >= MAX_SOCKETS_PER_SESSION ||
      ofUser.length >= MAX_SOCKETS_PER_USER ||
      this.#watchers.size >= MAX_SOCKETS
    )
  }

  /** The other side has answered a ping. */
  answered(watcher: Watcher): void {
    if (this.#watchers.has(watcher)) this.#watchers.set(watcher, 0)
  }

  close(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  /** Something about these topics changed: whoever watches them is sent the state as it is now. */
  changed(concerns: (topic: Topic, member: Member) => boolean): void {
    for (const { topics, member } of this.#watchers.keys()) {
      for (const topic of topics) if (concerns(topic, member)) this.#push(topic, member)
    }
  }

  /** The session is over: its sockets must not hear another word. */
  endSession(tokenHash: string): void {
    for (const watcher of this.#watchers.keys()) if (watcher.tokenHash === tokenHash) this.#signOut(watcher)
  }

  #signOut(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    watcher.socket.close(CLOSE.signedOut, 'signed out')
  }

  /** The server is about to stop. The browsers come back by themselves, each after a while of its own. */
  stop(): void {
    clearInterval(this.#timer)
    for (const { socket } of this.#watchers.keys()) socket.close(CLOSE.restart, 'restart')
    this.#watchers.clear()
  }

  #push(topic: Topic, member: Member): void {
    const key = audience(topic, member)
    const recent = this.#recent.get(key)
    if (recent !== undefined) {
      recent.again = true
      return
    }
    this.#recent.set(key, { topic, member, again: false })
    // Several events of the same moment make one push, and whoever announced them is not held up by rendering.
    // The next push waits for this one, so that an older state never arrives after a newer one. The rest is counted from
    // the beginning: a job reports four times a second as well, and must not come a little too early each time.
    setImmediate(async () => {
      const rest = pause(PUSH_EVERY_MS, undefined, { ref: false })
      await this.#sendToAll(key)
      await rest
      this.#rested(key)
    })
  }

  #rested(key: string): void {
    const recent = this.#recent.get(key)
    this.#recent.delete(key)
    if (recent?.again) this.#push(recent.topic, recent.member)
  }

  async #sendToAll(key: string): Promise<void> {
    const push = this.#recent.get(key)
    if (push === undefined) return
    const to = [...this.#watchers.keys()].filter(({ topics, member }) =>
      topics.some((t) => audience(t, member) === key),
    )
    if (to.length > 0) await this.#sendState(push.topic, push.member, to)
  }

  /** A page that can't be told something is told at the next change; the job itself must never fail of it. */
  async #sendState(topic: Topic, member: Member, to: Watcher[]): Promise<void> {
    try {
      const html = await this.#render(topic, member)
      for (const watcher of to) if (html !== '') this.#send(watcher, html)
    } catch (error) {
      log('error', 'live.push_failed', { topic: topic.name, error })
    }
  }

  #send(watcher: Watcher, data: string): void {
    if (!this.#watchers.has(watcher)) return
    if (watcher.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#watchers.delete(watcher)
      watcher.socket.terminate()
      return
    }
    watcher.socket.send(data)
  }

  #tick(): void {
    this.#ticks += 1
    this.#endSessions()
    if (this.#ticks % TICKS_PER_BEAT === 0) this.#sendBeat()
    if (this.#ticks % TICKS_PER_PING === 0) this.#ping()
  }

  /** A session that is used goes on, so it may last longer than was known when its socket was opened. */
  #endSessions(): void {
    const now = Date.now()
    for (const watcher of this.#watchers.keys()) {
      if (watcher.until > now) continue
      const until = watcher.lookAgain()
      if (until === undefined) this.#signOut(watcher)
      else watcher.until = until
    }
  }

  /** A page that hears nothing for a few of these knows that its socket is dead, whatever the browser says. */
  #sendBeat(): void {
    const beat = JSON.stringify({ beat: this.#ticks })
    for (const watcher of this.#watchers.keys()) this.#send(watcher, beat)
  }

  #ping(): void {
    for (const [watcher, missed] of this.#watchers) {
      if (missed >= MOST_PINGS_MISSED) {
        this.#watchers.delete(watcher)
        watcher.socket.terminate()
        continue
      }
      this.#watchers.set(watcher, missed + 1)
      watcher.socket.ping()
    }
  }
}

/** Whoever shares this key sees the same: a team's topics are alike for all of the team, notices are a person's own. */
function audience(topic: Topic, member: Member): string {
  return `${topic.personal ? member.user.id : member.team.id} ${topic.name}`
}
