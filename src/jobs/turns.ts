import { findClaimableJob, listWaitingTeams } from '../db/job-order.ts'
import type { Db } from '../db/open.ts'

/** Where a job runs: at a place for any job, or at the one more that is for small ones. */
export type Place = 'any' | 'small'

/** Decides which job is next: teams take turns, and when every place is taken there is one more for a small job. */
export class Turns {
  readonly #db: Db
  readonly #places: number
  /** Teams in the order in which their turn came last: a small job beside the large ones costs its team no turn there. */
  readonly #last: Record<Place, Set<string>> = { any: new Set(), small: new Set() }

  /** @param places how many jobs run at once, without the one for small ones */
  constructor(db: Db, places: number) {
    this.#db = db
    this.#places = places
  }

  /** The job of the team that has waited longest for its turn, unless `taken` leaves no place or nothing waits. */
  next({ taken, except }: { taken: Place[]; except: string[] }): { id: string; place: Place } | undefined {
    const place = this.#freePlace(taken)
    if (place === undefined) return undefined
    for (const teamId of this.#teamsByTurn(place)) {
      const id = findClaimableJob(this.#db, { teamId, smallOnly: place === 'small', except })
      if (id !== undefined) return { id, place }
    }
    return undefined
  }

  /** It was this team's turn. */
  took(teamId: string, place: Place): void {
    this.#last[place].delete(teamId)
    this.#last[place].add(teamId)
  }

  /** The place for small jobs is the last to be taken, and never counts as one of the others: so no large job starves. */
  #freePlace(taken: Place[]): Place | undefined {
    if (taken.filter((place) => place === 'any').length < this.#places) return 'any'
    return taken.includes('small') ? undefined : 'small'
  }

  #teamsByTurn(place: Place): string[] {
    const order = [...this.#last[place]]
    return listWaitingTeams(this.#db).sort((a, b) => order.indexOf(a) - order.indexOf(b))
  }
}
