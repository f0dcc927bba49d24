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

/** A page that is open somewhere. */
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
