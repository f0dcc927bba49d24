import { isIPv6 } from 'node:net'
import { Refusal } from './context.ts'

type Rule = { free: number; longestMs: number }
type Failures = { count: number; until: number; last: number }

const FORGET_MS = 60 * 60_000
const MOST_KEPT = 10_000

/** Failures by key. After the free ones, each failure doubles the wait before the next try, from one second up to the longest. */
export class FailureLimit {
  readonly #rule: Rule
  readonly #failures = new Map<string, Failures>()

  constructor(rule: Rule) {
    this.#rule = rule
  }

  /** How long the next try has to wait, in milliseconds; 0 when it may go on. */
  waitMs(key: string, now: number): number {
    return Math.max(0, (this.#failures.get(key)?.until ?? 0) - now)
  }

  fail(key: string, now: number): void {
    const before = this.#failures.get(key)
    const count = before === undefined || now - before.last > FORGET_MS ? 1 : before.count + 1
    const over = count - this.#rule.free
    const wait = over > 0 ? Math.min(1000 * 2 ** (over - 1), this.#rule.longestMs) : 0
    // Set anew, so that the map stays in the order of the last failure and the oldest goes first.
    this.#failures.delete(key)
    this.#failures.set(key, { count, until: now + wait, last: now })
    const oldest = this.#failures.keys().next().value
    if (this.#failures.size > MOST_KEPT && oldest !== undefined) this.#failures.delete(oldest)
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }
}

type Try = { email: string; address: string }

/**
 * Slows guessing: by account and address together, by account from everywhere, and by address for all accounts.
 * The waits that a stranger can cause for somebody else are short, and an address from which the account has signed in
 * before does not suffer them at all. Kept in memory: a restart forgets them.
 */
export class SignInLimits {
  readonly #pair = new FailureLimit({ free: 5, longestMs: 15 * 60_000 })
  readonly #account = new FailureLimit({ free: 20, longestMs: 30_000 })
  readonly #address = new FailureLimit({ free: 50, longestMs: 60_000 })
  readonly #known = new Set<string>()

  /** Throws a 429 when this try comes too early. */
  admit(attempt: Try, now: number): void {
    const { pair, account, address } = keysOf(attempt)
    const wait = Math.max(
      this.#pair.waitMs(pair, now),
      this.#known.has(pair) ? 0 : this.#account.waitMs(account, now),
      this.#address.waitMs(address, now),
    )
    if (wait === 0) return
    const seconds = Math.ceil(wait / 1000)
    throw new Refusal(429, {
      code: 'too_many_failures',
      message: `Too many failed tries. Try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
    })
  }

  fail(attempt: Try, now: number): void {
    const { pair, account, address } = keysOf(attempt)
    this.#pair.fail(pair, now)
    this.#account.fail(account, now)
    this.#address.fail(address, now)
  }

  succeed(attempt: Try): void {
    const { pair, account } = keysOf(attempt)
    this.#pair.forget(pair)
    this.#account.forget(account)
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    this.#known.add(pair)
  }
}

function keysOf({ email, address }: Try): { pair: string; account: string; address: string } {
  const network = networkOf(address)
  return { pair: `${network} ${email}`, account: email, address: network }
}

/** A household or a server has a whole /64 of IPv6 addresses, so they count as one. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [left = '', right] = plain.toLowerCase().split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
