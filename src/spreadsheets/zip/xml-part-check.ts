import { damaged } from '../refusals.ts'
import { SpreadsheetError } from '../spreadsheet.ts'

const HEAD = 4096
const TAIL = 512
const LESS_THAN = 0x3c

/** These must be whole, or rows are missing without anybody noticing. */
const MUST_END = new Set(['worksheet', 'sst', 'workbook', 'document-content'])

/** What a look at a part told. `cells` and `hasValues` are counted in worksheets only. */
export type XmlPartFacts = { root: string; cells: number; hasValues: boolean }

/**
 * Looks at an XML part piece by piece as it is inflated: refuses entity declarations before anything expands them
 * (ECMA-376 Part 2, 8.1.4: no DTD in a package part), and a part that stops before its root element does.
 */
export class XmlPartCheck {
  readonly #name: string
  #head = ''
  #tail = Buffer.alloc(0)
  #root: string | undefined
  #cells = 0
  #hasValues = false

  constructor(name: string) {
    this.#name = name
  }

  get cells(): number {
    return this.#cells
  }

  push(piece: Buffer): void {
    if (this.#head.length < HEAD) this.#readHead(piece)
    // A token may be cut in two by the border between two pieces.
    const overlap = this.#tail.subarray(-16)
    const border = Buffer.concat([overlap, piece.subarray(0, 16)])
    this.#refuseDeclarations(border)
    this.#refuseDeclarations(piece)
    if (localName(this.#root) === 'worksheet') this.#countCells(overlap, piece)
    this.#tail =
      piece.length >= TAIL
        ? Buffer.from(piece.subarray(-TAIL))
        : Buffer.from(Buffer.concat([this.#tail, piece]).subarray(-TAIL))
  }

  end(): XmlPartFacts {
    const root = localName(this.#root)
    if (MUST_END.has(root) && !this.#isWhole()) throw damaged(`The part "${this.#name}" of this workbook is cut off.`)
    return { root, cells: this.#cells, hasValues: this.#hasValues }
  }

  #readHead(piece: Buffer): void {
    const first = this.#head === ''
    if (first && (isUtf16(piece) || piece[1] === 0)) {
      throw new SpreadsheetError(
        'damaged',
        `The part "${this.#name}" of this workbook is in an encoding that no spreadsheet program writes.`,
        'Open it in your spreadsheet program, save it as XLSX and upload it again.',
      )
    }
    this.#head += piece.toString('latin1', 0, HEAD)
    this.#root ??= /<([A-Za-z_][\w.:-]*)[\s/>]/.exec(this.#head)?.[1]
  }

  /** OpenOffice 2 wrote a DOCTYPE without declarations into the manifest; nothing reads it, and it declares nothing. */
  #refuseDeclarations(bytes: Buffer): void {
    for (let at = bytes.indexOf('<!'); at >= 0; at = bytes.indexOf('<!', at + 2)) {
      const word = bytes.toString('latin1', at + 2, at + 9)
      const harmless = this.#name === 'META-INF/manifest.xml'
      if (word.startsWith('ENTITY') || (word === 'DOCTYPE' && !harmless)) {
        throw new SpreadsheetError(
          'damaged',
          `The part "${this.#name}" declares XML entities, which a workbook never does and attacks do.`,
          'Open it in your spreadsheet program, save it as XLSX and upload it again.',
        )
      }
    }
  }

  /** Tags `<c`, `<v>` and `<t`, with the root's prefix if it has one. A plain loop: it sees every byte of a sheet. */
  #countCells(overlap: Buffer, piece: Buffer): void {
    const prefix = Buffer.from(this.#root?.includes(':') ? `${this.#root.split(':')[0]}:` : '', 'latin1')
    const reach = prefix.length + 4
    // A tag that starts in the last bytes of a piece is counted with the next one, where it is whole.
    const carried = overlap.subarray(-Math.min(overlap.length, reach - 1))
    const bytes = carried.length > 0 ? Buffer.concat([carried, piece]) : piece
    const last = bytes.length - reach
    for (let at = 0; at <= last; at += 1) {
      if (bytes[at] !== LESS_THAN) continue
      if (prefix.length > 0 && bytes.compare(prefix, 0, prefix.length, at + 1, at + 1 + prefix.length) !== 0) continue
      const name = bytes[at + 1 + prefix.length]
      const after = bytes[at + 2 + prefix.length] ?? 0
      if (after !== 0x3e && after !== 0x2f && after > 0x20) continue
      if (name === 0x63) this.#cells += 1
      else if (name === 0x76 && after === 0x3e && bytes[at + 3 + prefix.length] !== LESS_THAN) this.#hasValues = true
      else if (name === 0x74) this.#hasValues = true
    }
  }

  #isWhole(): boolean {
    const tail = this.#tail
      .toString('latin1')
      .replace(/<!--[\s\S]*?-->/g, '')
      .trimEnd()
    if (tail.endsWith(`</${this.#root}>`)) return true
    const last = tail.slice(tail.lastIndexOf('<'))
    // `<sst count="0"/>`, or a closing tag with a blank in it.
    return last.endsWith('/>') ? this.#headIsAll() : new RegExp(`^</${escapeRegExp(this.#root ?? '')}\\s*>$`).test(last)
  }

  #headIsAll(): boolean {
    return this.#head.length < HEAD && new RegExp(`<${escapeRegExp(this.#root ?? '')}[^>]*/>\\s*$`).test(this.#head)
  }
}

function localName(name: string | undefined): string {
  return name?.slice(name.indexOf(':') + 1) ?? ''
}

function isUtf16(piece: Buffer): boolean {
  return (piece[0] === 0xff && piece[1] === 0xfe) || (piece[0] === 0xfe && piece[1] === 0xff)
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
