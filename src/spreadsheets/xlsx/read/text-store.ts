import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'

const SLAB_BITS = 17
const SLAB = 1 << SLAB_BITS
const BLOCK_BITS = 14
const BLOCK = 1 << BLOCK_BITS
/** Blocks of the file that were read last and are kept: 8 MB, each at the place that its number says. */
const BLOCKS_KEPT = 512

/**
 * Bytes that only grow, addressed by where they stand. The first `memoryBytes` of them are in memory, in slabs of
 * 128 KB; the slabs that follow go to a file, which has no name any more once it is open, so that nothing of it is left
 * whatever ends the process. What is read of the file comes in blocks of 16 KB: cells ask for texts mostly in the order
 * in which they were written, or for the same few at the beginning.
 */
export class TextStore {
  readonly #path: string
  readonly #memorySlabs: number
  readonly #slabs: Buffer[] = []
  #file: number | undefined
  /** Slabs that are in the file. */
  #spilled = 0
  #last = Buffer.alloc(0)
  #size = 0
  /** Where in `bytes` they begin. */
  at = 0
  readonly #blocks: Buffer[] = []
  readonly #blockNumbers = new Int32Array(BLOCKS_KEPT).fill(-1)

  /** The file is made beside `path`, when there is more than fits into memory. */
  constructor(path: string, memoryBytes: number) {
    this.#path = path
    this.#memorySlabs = memoryBytes >>> SLAB_BITS
  }

  get size(): number {
    return this.#size
  }

  /** Adds the bytes of `source` from `start` to `stop`. */
  add(source: Buffer, start: number, stop: number): void {
    for (let from = start; from < stop; ) {
      const at = this.#size & (SLAB - 1)
      if (at === 0) this.#nextSlab()
      const length = Math.min(stop - from, SLAB - at)
      copyBytes(source, from, length, this.#last, at)
      this.#size += length
      from += length
    }
  }

  /**
   * What holds the bytes from `start` to `stop`, of which there is at least one, beginning at `at`. Undefined when they are
   * not in one place. Valid until the next call.
   */
  bytes(start: number, stop: number): Buffer | undefined {
    const slab = this.#slabOf(start)
    const size = slab === undefined ? BLOCK : SLAB
    this.at = start & (size - 1)
    if (this.at + stop - start > size) return undefined
    return slab ?? this.#block(start)
  }

  /** The text of the bytes from `start` to `stop`, which are UTF-8. */
  text(start: number, stop: number): string {
    if (stop === start) return ''
    const whole = this.bytes(start, stop)
    if (whole !== undefined) return whole.toString('utf8', this.at, this.at + stop - start)
    const pieces: Buffer[] = []
    for (let from = start; from < stop; ) {
      const piece = this.#piece(from)
      pieces.push(Buffer.from(piece.subarray(0, stop - from)))
      from += piece.length
    }
    return Buffer.concat(pieces).toString('utf8')
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  /** The slab that is full goes to the file, and is used again, when memory has its share. */
  #nextSlab(): void {
    if (this.#slabs.length < this.#memorySlabs) {
      this.#last = Buffer.allocUnsafeSlow(SLAB)
      this.#slabs.push(this.#last)
    } else if (this.#file === undefined) {
      this.#file = openUnnamed(this.#path)
      this.#last = Buffer.allocUnsafeSlow(SLAB)
    } else {
      writeWhole(this.#opened, this.#last, this.#spilled * SLAB)
      this.#spilled += 1
    }
  }

  /** What there is from here on, at least a byte: up to the end of its slab or block. Valid until the next call. */
  #piece(start: number): Buffer {
    const slab = this.#slabOf(start)
    return slab === undefined ? this.#block(start).subarray(start & (BLOCK - 1)) : slab.subarray(start & (SLAB - 1))
  }

  /** Undefined for what is in the file. */
  #slabOf(start: number): Buffer | undefined {
    const number = start >>> SLAB_BITS
    return this.#slabs[number] ?? (number === this.#memorySlabs + this.#spilled ? this.#last : undefined)
  }

  #block(start: number): Buffer {
    const number = start >>> BLOCK_BITS
    const place = number & (BLOCKS_KEPT - 1)
    const block = this.#blocks[place] ?? Buffer.allocUnsafeSlow(BLOCK)
    if (this.#blockNumbers[place] === number) return block
    this.#blocks[place] = block
    // Nothing valid stands here should the reading fail.
    this.#blockNumbers[place] = -1
    readWhole(this.#opened, block, number * BLOCK - this.#memorySlabs * SLAB)
    this.#blockNumbers[place] = number
    return block
  }

  get #opened(): number {
    if (this.#file === undefined) throw new Error('The texts are closed.')
    return this.#file
  }
}

function openUnnamed(path: string): number {
  const name = `${path}.${randomUUID()}`
  const file = openSync(name, 'wx+', 0o600)
  unlinkSync(name)
  return file
}

function writeWhole(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done)
}

function readWhole(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, at + done)
    if (read === 0) throw new Error('The file of texts is shorter than what was written to it.')
    done += read
  }
}

/** For a few bytes a loop is quicker than a call into the runtime. */
function copyBytes(source: Buffer, from: number, length: number, target: Buffer, at: number): void {
  if (length > 48) source.copy(target, at, from, from + length)
  else for (let k = 0; k < length; k += 1) target[at + k] = source[from + k] ?? 0
}
