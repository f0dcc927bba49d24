import { damaged } from '../refusals.ts'

// [MS-XLS] 2.5.293, XLUnicodeRichExtendedString: what its flags say.
const WIDE = 0x01
const PHONETIC = 0x04
const RICH = 0x08
const COUNTS = 8

/**
 * Walks the table of all texts of a workbook ([MS-XLS] 2.4.265), given as the contents of its record and of those that
 * continue it. The texts it counts must fill it: where a stretch of it was lost, they are empty or out of step, and a
 * library takes that for what the cells hold.
 */
export function checkStrings(pieces: Buffer[]): void {
  const first = pieces[0]
  if (first === undefined || first.length < COUNTS) return
  const walk = new StringWalk(pieces)
  for (let left = first.readUInt32LE(4); left > 0 && !walk.atEnd; left -= 1) walk.passString()
  if (walk.isCut || walk.hasContentLeft) throw damaged('Texts of this workbook have been lost.')
}

class StringWalk {
  readonly #pieces: Buffer[]
  #piece = 0
  #at = COUNTS
  /** A text goes on beyond the end of the table. */
  isCut = false

  constructor(pieces: Buffer[]) {
    this.#pieces = pieces
  }

  get atEnd(): boolean {
    this.#enterNext()
    return this.#piece >= this.#pieces.length
  }

  /** Zeros may follow, which some programs fill up with. */
  get hasContentLeft(): boolean {
    return this.#pieces.slice(this.#piece).some((piece, at) => piece.subarray(at === 0 ? this.#at : 0).some(Boolean))
  }

  passString(): void {
    const length = this.#byte() + this.#byte() * 256
    const flags = this.#byte()
    const runs = flags & RICH ? this.#byte() + this.#byte() * 256 : 0
    const phonetic =
      flags & PHONETIC ? this.#byte() + this.#byte() * 256 + this.#byte() * 65_536 + this.#byte() * 2 ** 24 : 0
    this.#passCharacters(length, flags)
    this.#passBytes(runs * 4 + phonetic)
  }

  /** Where characters go on in another record, that begins by saying anew how wide they are. */
  #passCharacters(length: number, flags: number): void {
    let width = flags & WIDE ? 2 : 1
    for (let left = length; left > 0; ) {
      const here = Math.min(left, Math.floor(this.#leftHere / width))
      this.#at += here * width
      left -= here
      if (left === 0) return
      this.#piece += 1
      this.#at = 0
      if (this.#piece >= this.#pieces.length) {
        this.isCut = true
        return
      }
      width = this.#byte() & WIDE ? 2 : 1
    }
  }

  #passBytes(count: number): void {
    let left = count
    while (left > 0 && !this.atEnd) {
      const here = Math.min(left, this.#leftHere)
      this.#at += here
      left -= here
    }
    if (left > 0) this.isCut = true
  }

  #byte(): number {
    this.#enterNext()
    const byte = this.#pieces[this.#piece]?.[this.#at] ?? 0
    this.#at += 1
    return byte
  }

  get #leftHere(): number {
    return Math.max(0, (this.#pieces[this.#piece]?.length ?? 0) - this.#at)
  }

  #enterNext(): void {
    while (this.#piece < this.#pieces.length && this.#leftHere === 0) {
      this.#piece += 1
      this.#at = 0
    }
  }
}
