import type { Member } from '../services/context.ts'
import { Audience, audienceKey } from './audience.ts'
import type { Topic } from './topics.ts'
import type { Watcher } from './watcher.ts'

/** Close codes that tell the browser's side whether to come back. */
export const CLOSE = { restart: 1012, overload: 1013, signedOut: 4401 } as const

/** A reader that is this far behind costs memory that others need; it may come back and get the whole state. */
const MAX_BUFFERED_BYTES = 1024 * 1024
const MAX_SOCKETS_PER_SESSION = 20
const MAX_SOCKETS_PER_USER = 100
const MAX_SOCKETS = 10_000
/** Sessions end at a time of their own, and a socket must not outlive its session by more than this. */
const TICK_MS = 1000
const TICKS_PER_BEAT = 5
/** A peer that has gone without a word answers no ping; after two it is let go. */
const TICKS_PER_PING = 30
const MOST_PINGS_MISSED = 2

/** Who watches what, and for how long. */
export class Hub {
  /** With how many pings in a row each has not answered. */
  readonly #watchers = new Map<Watcher, number>()
  readonly #audiences = new Map<string, Audience>()
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
    for (const topic of watcher.topics) this.#audienceOf(topic, watcher.member).join(watcher)
  }

  #audienceOf(topic: Topic, member: Member): Audience {
    const key = audienceKey(topic, member)
    const send = (watcher: Watcher, html: string) => this.#send(watcher, html)
    const audience = this.#audiences.get(key) ?? new Audience(topic, member, { render: this.#render, send })
    this.#audiences.set(key, audience)
    return audience
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
    for (const topic of watcher.topics) {
      const key = audienceKey(topic, watcher.member)
      const audience = this.#audiences.get(key)
      audience?.leave(watcher)
      if (audience?.isEmpty) this.#audiences.delete(key)
    }
  }

  /** Something about these topics changed: whoever watches them is sent the state as it is now. */
  changed(concerns: (topic: Topic, member: Member) => boolean): void {
    for (const audience of this.#audiences.values()) {
      if (concerns(audience.topic, audience.member)) audience.changed()
    }
  }

  /** The session is over: its sockets must not hear another word. */
  endSession(tokenHash: string): void {
    for (const watcher of this.#watchers.keys()) if (watcher.tokenHash === tokenHash) this.#signOut(watcher)
  }

  #signOut(watcher: Watcher): void {
    this.close(watcher)
    watcher.socket.close(CLOSE.signedOut, 'signed out')
  }

  /** The server is about to stop. The browsers come back by themselves, each after a while of its own. */
  stop(): void {
    clearInterval(this.#timer)
    for (const { socket } of this.#watchers.keys()) socket.close(CLOSE.restart, 'restart')
    this.#watchers.clear()
    for (const audience of this.#audiences.values()) audience.close()
    this.#audiences.clear()
  }

  #send(watcher: Watcher, data: string): void {
    if (!this.#watchers.has(watcher)) return
    if (watcher.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.close(watcher)
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
        this.close(watcher)
        watcher.socket.terminate()
        continue
      }
      this.#watchers.set(watcher, missed + 1)
      watcher.socket.ping()
    }
  }
}
