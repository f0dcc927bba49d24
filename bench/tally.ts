/**
 * Adds up everything that a reader hands over, whatever it makes of a cell, so that lost or damaged values show. It is
 * cheap, because it runs inside of what is measured, and the order of the rows doesn't matter.
 */
export class Tally {
  #rows = 0
  #characters = 0
  #mixed = 0
  #hundredths = 0
  #booleans = 0
  #seconds = 0
  #others = 0

  add(cells: readonly unknown[]): void {
    this.#rows += 1
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at]
      if (typeof cell === 'string') this.#text(cell, at)
      else if (typeof cell === 'number') this.#hundredths += Math.round(cell * 100)
      else if (typeof cell === 'boolean') this.#booleans += cell ? 1001 : 1
      else if (cell instanceof Date) this.#seconds += Math.round(cell.getTime() / 1000)
      else if (cell !== null && cell !== undefined) this.#object(cell)
    }
  }

  get rows(): number {
    return this.#rows
  }

  get check(): string {
    const sums = [this.#characters, this.#mixed, this.#hundredths, this.#booleans, this.#seconds, this.#others]
    return [this.#rows, ...sums].join('/')
  }

  /** One character of every text is looked at: that finds most wrong encodings and columns that changed places. */
  #text(text: string, at: number): void {
    if (text === '') return
    this.#characters += text.length
    this.#mixed += text.charCodeAt(text.length >> 1) * (at + 1)
  }

  /** Numbers and dates that carry what the person sees; see src/spreadsheets/cell.ts. */
  #object(cell: object): void {
    const value = 'value' in cell ? cell.value : undefined
    if (typeof value === 'number') this.#hundredths += Math.round(value * 100)
    else if (typeof value === 'string') this.#seconds += isoSeconds(value)
    else this.#others += 1
  }
}

/** Seconds since 1970 of "2024-02-28" or "2024-02-28T10:30:00"; much faster than `Date.parse`. */
export function isoSeconds(text: string): number {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  // Days by the civil calendar, with years that begin in March so that the leap day is the last.
  const marchYear = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digits(text, 8, 10) - 1
  const leaps = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  const days = marchYear * 365 + leaps + dayOfYear - 719_468
  if (text.length < 19) return days * 86_400
  return days * 86_400 + digits(text, 11, 13) * 3600 + digits(text, 14, 16) * 60 + digits(text, 17, 19)
}

function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48
  return number
}
