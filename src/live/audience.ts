import { setTimeout as pause } from 'node:timers/promises'
import { log } from '../log.ts'
import type { Member } from '../services/context.ts'
import type { Topic } from './topics.ts'
import type { Watcher } from './watcher.ts'

/** Pushes of one topic come at most this often; the last state always goes out. See docs/decisions/0012. */
const PUSH_EVERY_MS = 100

type Options = {
  render: (topic: Topic, member: Member) => Promise<string>
  send: (watcher: Watcher, html: string) => void
}

/** Whoever shares this sees the same: a team's topics are alike for all of the team, notices are a person's own. */
export function audienceKey(topic: Topic, { team, user }: Member): string {
  return topic.personal ? `${team.id} ${user.id} ${topic.name}` : `${team.id} ${topic.name}`
}

/**
 * Those who watch a topic with the same rights. Each push is the whole current state, rendered once for all of them and
 * sent to those who have not got that very state already: of fifty jobs that wait most look as they did before.
 */
export class Audience {
  readonly topic: Topic
  readonly member: Member
  readonly #options: Options
  /** What each was sent last. */
  readonly #sent = new Map<Watcher, string>()
  #resting = false
  #again = false

  constructor(topic: Topic, member: Member, options: Options) {
    this.topic = topic
    this.member = member
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#sent.size === 0
  }

  /** Sends the newcomer the state as it is. */
  join(watcher: Watcher): void {
    this.#sent.set(watcher, '')
    void this.#tell([watcher])
  }

  leave(watcher: Watcher): void {
    this.#sent.delete(watcher)
  }

  /** Whatever is on its way to be rendered is told to nobody. */
  close(): void {
    this.#sent.clear()
  }

  changed(): void {
    if (this.#resting) {
      this.#again = true
      return
    }
    this.#resting = true
    this.#again = false
    // Several events of the same moment make one push, and whoever announced them is not held up by rendering.
    // The next push waits for this one, so that an older state never arrives after a newer one.
    setImmediate(async () => {
      const rest = pause(PUSH_EVERY_MS, undefined, { ref: false })
      await this.#tell([...this.#sent.keys()])
      await rest
      this.#resting = false
      if (this.#again) this.changed()
    })
  }

  /** A page that can't be told something is told at the next change; the job itself must never fail of it. */
  async #tell(watchers: Watcher[]): Promise<void> {
    if (watchers.length === 0) return
    try {
      const html = await this.#options.render(this.topic, this.member)
      if (html !== '') for (const watcher of watchers) this.#send(watcher, html)
    } catch (error) {
      if (!this.isEmpty) log('error', 'live.push_failed', { topic: this.topic.name, error })
    }
  }

  #send(watcher: Watcher, html: string): void {
    const before = this.#sent.get(watcher)
    if (before === undefined || before === html) return
    this.#sent.set(watcher, html)
    this.#options.send(watcher, html)
  }
}
