/**
 * Rows as the scanner leaves them: a few arrays of numbers, the bytes of most texts, and no object or string for a cell.
 * So they are made quickly, and go from one thread to another as a handful of copies.
 */
export type PackedRows = {
  /** Two for every row: its number, and how many cells it has. */
  rows: Uint32Array<ArrayBuffer>
  /** For every cell its column, and above its `COLUMN_BITS` its kind. In the order of the file. */
  cells: Uint32Array<ArrayBuffer>
  /** The values of numbers, and the style of each. */
  numbers: Float64Array<ArrayBuffer>
  styles: Int32Array<ArrayBuffer>
  /** The texts that are ASCII, one behind the other, and all the others. */
  ascii: Uint8Array<ArrayBuffer>
  texts: string
  /** How long each text is, in the order of the cells. */
  lengths: Uint32Array<ArrayBuffer>
}

export const COLUMN_BITS = 14
export const COLUMN_MASK = (1 << COLUMN_BITS) - 1
/** An error and an ISO date are texts with a meaning; the latter has a style, too. */
export const KIND = { ascii: 0, text: 1, number: 2, no: 3, yes: 4, error: 5, isoDate: 6 } as const

const FIRST_ROOM = 4096

/** Packs rows, cell by cell, until they are taken. */
export class RowPacker {
  #rows = new Uint32Array(FIRST_ROOM)
  #rowsEnd = 0
  #cells = new Uint32Array(FIRST_ROOM)
  #cellsEnd = 0
  /** Where the cells of this row begin. */
  #rowStart = 0
  #numbers = new Float64Array(FIRST_ROOM)
  #styles = new Int32Array(FIRST_ROOM)
  #numbersEnd = 0
  #ascii = Buffer.allocUnsafeSlow(FIRST_ROOM * 16)
  #asciiEnd = 0
  #texts: string[] = []
  #lengths = new Uint32Array(FIRST_ROOM)
  #lengthsEnd = 0

  /** Rows that wait to be taken. */
  get rowCount(): number {
    return this.#rowsEnd / 2
  }

  /** Cells that wait to be taken, those of the row that is not ended among them. */
  get cellCount(): number {
    return this.#cellsEnd
  }

  /** The bytes of `source` from `start` to `stop`, which are ASCII. */
  addAscii(column: number, source: Buffer, start: number, stop: number): void {
    const length = stop - start
    const at = this.#asciiEnd
    if (this.#ascii.length < at + length) {
      const larger = Buffer.allocUnsafeSlow((at + length) * 2)
      this.#ascii.copy(larger, 0, 0, at)
      this.#ascii = larger
    }
    const bytes = this.#ascii
    // For a few bytes a loop is quicker than a call into the runtime.
    if (length > 48) source.copy(bytes, at, start, stop)
    else for (let k = 0; k < length; k += 1) bytes[at + k] = source[start + k] ?? 0
    this.#asciiEnd = at + length
    this.#addLength(length)
    this.#addCell(column, KIND.ascii)
  }

  addText(column: number, text: string, kind: number = KIND.text): void {
    this.#texts.push(text)
    this.#addLength(text.length)
    this.#addCell(column, kind)
  }

  addNumber(column: number, value: number, style: number): void {
    this.#addStyled(value, style)
    this.#addCell(column, KIND.number)
  }

  addBoolean(column: number, value: boolean): void {
    this.#addCell(column, value ? KIND.yes : KIND.no)
  }

  addError(column: number, code: string): void {
    this.addText(column, code, KIND.error)
  }

  addIsoDate(column: number, text: string, style: number): void {
    this.#addStyled(0, style)
    this.addText(column, text, KIND.isoDate)
  }

  endRow(number: number): void {
    if (this.#rows.length === this.#rowsEnd) this.#rows = doubled(this.#rows, Uint32Array)
    this.#rows[this.#rowsEnd++] = number
    this.#rows[this.#rowsEnd++] = this.#cellsEnd - this.#rowStart
    this.#rowStart = this.#cellsEnd
  }

  /** The rows that were ended, all of them; the arrays are used again for the next ones. */
  take(): PackedRows {
    const packed: PackedRows = {
      rows: this.#rows.subarray(0, this.#rowsEnd),
      cells: this.#cells.subarray(0, this.#cellsEnd),
      numbers: this.#numbers.subarray(0, this.#numbersEnd),
      styles: this.#styles.subarray(0, this.#numbersEnd),
      ascii: this.#ascii.subarray(0, this.#asciiEnd),
      texts: this.#texts.join(''),
      lengths: this.#lengths.subarray(0, this.#lengthsEnd),
    }
    this.#rowsEnd = 0
    this.#cellsEnd = 0
    this.#rowStart = 0
    this.#numbersEnd = 0
    this.#asciiEnd = 0
    this.#texts = []
    this.#lengthsEnd = 0
    return packed
  }

  #addCell(column: number, kind: number): void {
    if (this.#cells.length === this.#cellsEnd) this.#cells = doubled(this.#cells, Uint32Array)
    this.#cells[this.#cellsEnd] = (kind << COLUMN_BITS) | column
    this.#cellsEnd += 1
  }

  #addLength(length: number): void {
    if (this.#lengths.length === this.#lengthsEnd) this.#lengths = doubled(this.#lengths, Uint32Array)
    this.#lengths[this.#lengthsEnd] = length
    this.#lengthsEnd += 1
  }

  #addStyled(value: number, style: number): void {
    if (this.#numbers.length === this.#numbersEnd) {
      this.#numbers = doubled(this.#numbers, Float64Array)
      this.#styles = doubled(this.#styles, Int32Array)
    }
    this.#numbers[this.#numbersEnd] = value
    this.#styles[this.#numbersEnd] = style
    this.#numbersEnd += 1
  }
}

function doubled<Numbers extends { length: number; set(from: Numbers): void }>(
  full: Numbers,
  Kind: new (length: number) => Numbers,
): Numbers {
  const larger = new Kind(full.length * 2)
  larger.set(full)
  return larger
}
