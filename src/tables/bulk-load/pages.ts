import { writeSync } from 'node:fs'

/** Bytes that go to the file at once. */
const PIECE = 256 * 1024
/** SQLite locks a byte at this place, and no page that has it is ever used. */
const LOCK_BYTE = 0x40000000

/** New pages at the end of a database file, in their order. */
export class Pages {
  readonly size: number
  readonly #fd: number
  readonly #pieces: Buffer
  readonly #lockPage: number
  #count: number
  /** How many pages of the piece are taken. */
  #taken = 0

  /** @param count how many pages the file has */
  constructor(fd: number, { size, count }: { size: number; count: number }) {
    this.size = size
    this.#fd = fd
    this.#count = count
    this.#pieces = Buffer.alloc(Math.max(1, Math.floor(PIECE / size)) * size)
    this.#lockPage = Math.floor(LOCK_BYTE / size) + 1
  }

  /** How many pages the file has with the new ones. */
  get count(): number {
    return this.#count
  }

  /** Which number `take` will give next. */
  get next(): number {
    return this.#count + 1 === this.#lockPage ? this.#lockPage + 1 : this.#count + 1
  }

  /** An empty page, to be filled before the next one is taken. */
  take(): { number: number; page: Buffer } {
    const number = this.next
    // A place that is left out must not be left out of the piece.
    if ((this.#taken + number - this.#count) * this.size > this.#pieces.length) this.flush()
    this.#taken += number - this.#count
    this.#count = number
    return { number, page: this.#pieces.subarray((this.#taken - 1) * this.size, this.#taken * this.size) }
  }

  flush(): void {
    const length = this.#taken * this.size
    writeWhole(this.#fd, this.#pieces.subarray(0, length), this.#count * this.size - length)
    this.#pieces.fill(0, 0, length)
    this.#taken = 0
  }

  /** Writes over a page that was there before. */
  replace(number: number, page: Buffer): void {
    writeWhole(this.#fd, page, (number - 1) * this.size)
  }
}

/** A write may take a part only, on a disk that is full the last one before the error. */
export function writeWhole(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}
