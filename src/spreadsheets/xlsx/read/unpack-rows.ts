import { isDeepStrictEqual } from 'node:util'
import { type Cell, columnLetters, type Row } from '../../cell.ts'
import { damaged } from '../../refusals.ts'
import type { NumberCells } from './number-cells.ts'
import { COLUMN_BITS, COLUMN_MASK, KIND, type PackedRows } from './packed-rows.ts'

/**
 * A batch is full at so many rows, or so many places for cells: a row may have 16,384. While one is looked at, the garbage
 * collector moves all of it several times, so that large ones are slower.
 */
const BATCH_ROWS = 100
const BATCH_PLACES = 100_000

export type UnpackOptions = {
  numbers: NumberCells
  /** The sheet's name, for sentences. */
  sheet: string
}

/**
 * Packed rows as rows, in batches. Numbers become what their style makes of them. The cells of a row may come in any
 * order; one that comes twice and says two things is damage, since no place in the file makes it the right one.
 */
export function* unpackRows(packed: PackedRows, options: UnpackOptions): Generator<Row[]> {
  const { rows } = packed
  const unpacker = new Unpacker(packed, options)
  let batch: Row[] = []
  let places = 0
  for (let at = 0; at < rows.length; at += 2) {
    const number = rows[at] ?? 0
    const cells = unpacker.next(number, rows[at + 1] ?? 0)
    batch.push({ number, cells })
    places += cells.length
    if (batch.length < BATCH_ROWS && places < BATCH_PLACES) continue
    yield batch
    batch = []
    places = 0
  }
  if (batch.length > 0) yield batch
}

class Unpacker {
  readonly #packed: PackedRows
  readonly #make: NumberCells
  readonly #sheet: string
  /** One string of which texts are cut is quicker than a string of bytes for each. */
  readonly #ascii: string
  #asciiAt = 0
  #textAt = 0
  #cellAt = 0
  #numberAt = 0
  #lengthAt = 0

  constructor(packed: PackedRows, { numbers, sheet }: UnpackOptions) {
    this.#packed = packed
    this.#make = numbers
    this.#sheet = sheet
    this.#ascii = Buffer.from(packed.ascii.buffer, packed.ascii.byteOffset, packed.ascii.length).toString('latin1')
  }

  /** The cells of the next row: its number, and how many there are. */
  next(row: number, count: number): Cell[] {
    const cells: Cell[] = []
    const heads = this.#packed.cells
    for (const end = this.#cellAt + count; this.#cellAt < end; this.#cellAt += 1) {
      const head = heads[this.#cellAt] ?? 0
      const column = head & COLUMN_MASK
      const cell = this.#cell(head >>> COLUMN_BITS)
      if (column < cells.length) {
        const before = cells[column] ?? null
        if (before !== null && !isDeepStrictEqual(cell, before)) throw this.#twice(`${columnLetters(column)}${row}`)
        cells[column] = cell
      } else {
        while (cells.length < column) cells.push(null)
        cells.push(cell)
      }
    }
    return cells
  }

  #twice(address: string) {
    return damaged(`In the sheet "${this.#sheet}" the cell ${address} comes twice, with different values.`)
  }

  #cell(kind: number): Cell {
    switch (kind) {
      case KIND.ascii: {
        const start = this.#asciiAt
        this.#asciiAt += this.#nextLength()
        return this.#ascii.slice(start, this.#asciiAt)
      }
      case KIND.text:
        return this.#text()
      case KIND.number: {
        const { numbers, styles } = this.#packed
        const at = this.#numberAt++
        return this.#make.cell(numbers[at] ?? 0, styles[at] ?? 0)
      }
      case KIND.error:
        return { type: 'error', code: this.#text() }
      case KIND.isoDate:
        return this.#make.isoCell(this.#text(), this.#packed.styles[this.#numberAt++] ?? 0)
      default:
        return kind === KIND.yes
    }
  }

  #text(): string {
    const start = this.#textAt
    this.#textAt += this.#nextLength()
    return this.#packed.texts.slice(start, this.#textAt)
  }

  #nextLength(): number {
    return this.#packed.lengths[this.#lengthAt++] ?? 0
  }
}
