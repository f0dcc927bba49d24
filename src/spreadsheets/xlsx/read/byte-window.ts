import { damaged } from '../../refusals.ts'
import { XLSX_LIMITS } from './limits.ts'
import { refuseUtf16 } from './xml-bytes.ts'

/** It grows with the first large piece; most parts of a workbook are smaller than this. */
const FIRST_SIZE = 64 * 1024
/** Below this, what is left over is simply looked at again with the next piece. */
const SMALL_REST = 64 * 1024

/**
 * The bytes of a part that are not used up, in one buffer that is used again and again: pieces come in at its end, and
 * a scanner moves `at` forward over what it has understood. A token that a piece cuts in two is thus seen whole later,
 * and a scanner needs no state inside of tokens.
 */
export class ByteWindow {
  bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
  at = 0
  end = 0
  #enough = 0
  #isFirst = true

  /** Takes a piece in. Answers whether it is time to scan: not before a long rest has doubled, or time would be its square. */
  push(piece: Buffer): boolean {
    const rest = this.end - this.at
    if (this.#isFirst && rest + piece.length > 1) this.#checkHead(piece)
    if (rest > XLSX_LIMITS.maxTokenBytes) {
      throw damaged('A cell of this workbook is longer than any program can have written.')
    }
    this.#makeRoom(rest, piece.length)
    this.bytes.set(piece, rest)
    this.at = 0
    this.end = rest + piece.length
    return this.end >= this.#enough
  }

  /** Says that everything up to `at` has been used and no more can be without another piece. */
  used(at: number): void {
    this.at = at
    const rest = this.end - at
    this.#enough = rest > SMALL_REST ? rest * 2 : 0
  }

  #checkHead(piece: Buffer): void {
    this.#isFirst = false
    refuseUtf16(this.end > 0 ? Buffer.concat([this.bytes.subarray(0, 1), piece.subarray(0, 1)]) : piece)
  }

  #makeRoom(rest: number, length: number): void {
    if (rest + length <= this.bytes.length) {
      if (this.at > 0) this.bytes.copyWithin(0, this.at, this.end)
      return
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, rest + length))
    this.bytes.copy(larger, 0, this.at, this.end)
    this.bytes = larger
  }
}
