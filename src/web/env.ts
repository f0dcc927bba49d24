import type { Member } from '../services/context.ts'
import type { FoundSession } from '../services/sessions.ts'

/** What middleware leaves for the routes behind it. */
export type Env = {
  Variables: {
    /** Names this request in the log and to the person whom something went wrong for. */
    requestId: string
    /** Whose cookie came along, on pages; undefined for a visitor who is not signed in. */
    session: FoundSession | undefined
    /** Who asks. Set behind `requireSession` and `requireKey`. */
    member: Member
  }
}
