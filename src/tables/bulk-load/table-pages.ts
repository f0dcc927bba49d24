import type { SqlValue } from '../sql-columns.ts'
import type { Pages } from './pages.ts'
import { LONGEST_VARINT, RecordEncoder, varintLength, writeVarint } from './record.ts'

/** The kinds of b-tree pages (https://sqlite.org/fileformat2.html#b_tree_pages), and the bytes of their headers. */
const LEAF = { kind: 0x0d, header: 8 } as const
const INTERIOR = { kind: 0x05, header: 12 } as const
const POINTER = 2
const PAGE_NUMBER = 4

/** A page of the tree with the last row in it or below it. */
type Child = { page: number; last: number }

/** The b-tree of one table, built from its first row to its last: every page is written once, and full. */
export class TablePages {
  readonly #pages: Pages
  readonly #root: number
  readonly #encoder = new RecordEncoder()
  /** More than this of a record stands on pages of its own. */
  readonly #mostLocal: number
  readonly #leaf: PageContent
  #leaves: Child[] = []
  #last = 0

  /** @param root the page of the table as its schema says, which is an empty leaf */
  constructor(pages: Pages, root: number) {
    this.#pages = pages
    this.#root = root
    this.#mostLocal = pages.size - 35
    this.#leaf = new PageContent(pages.size, LEAF)
  }

  /** Row ids rise. The value of a column that is the row id is null. */
  add(rowId: number, values: readonly SqlValue[]): void {
    const length = this.#encoder.encode(values)
    const { bytes } = this.#encoder
    const local = length <= this.#mostLocal ? length : this.#localOf(length)
    const overflow = local < length ? PAGE_NUMBER : 0
    const cell = varintLength(length) + varintLength(rowId) + local + overflow
    if (!this.#leaf.fits(cell)) this.#endLeaf()
    const leaf = this.#leaf
    leaf.begin()
    leaf.varint(length)
    leaf.varint(rowId)
    leaf.copy(bytes, local)
    if (overflow > 0) leaf.pageNumber(this.#writeOverflow(bytes.subarray(local, length)))
    this.#last = rowId
  }

  /** Writes what is left, and the pages above the leaves. */
  finish(): void {
    if (this.#leaf.isEmpty) return
    if (this.#leaves.length === 0) {
      this.#replaceRoot(this.#leaf, 0)
      return
    }
    this.#endLeaf()
    this.#writeAbove(this.#leaves, new PageContent(this.#pages.size, INTERIOR))
  }

  /** Writes level above level until one fits into the root. */
  #writeAbove(children: Child[], interior: PageContent): void {
    const groups = grouped(children, interior.room)
    const [only] = groups
    if (groups.length === 1 && only !== undefined) {
      this.#replaceRoot(interior, fill(interior, only))
      return
    }
    const parents = groups.map((group) => {
      const right = fill(interior, group)
      const { number, page } = this.#pages.take()
      interior.writeTo(page, right)
      return { page: number, last: group.at(-1)?.last ?? 0 }
    })
    this.#writeAbove(parents, interior)
  }

  #endLeaf(): void {
    const { number, page } = this.#pages.take()
    this.#leaf.writeTo(page, 0)
    this.#leaves.push({ page: number, last: this.#last })
  }

  #replaceRoot(content: PageContent, right: number): void {
    const page = Buffer.alloc(this.#pages.size)
    content.writeTo(page, right)
    this.#pages.replace(this.#root, page)
  }

  /** How much of a long record stands in the cell; the rest then fills whole pages where it can. */
  #localOf(length: number): number {
    const { size } = this.#pages
    const least = Math.floor(((size - 12) * 32) / 255) - 23
    const local = least + ((length - least) % (size - PAGE_NUMBER))
    return local <= this.#mostLocal ? local : least
  }

  #writeOverflow(rest: Buffer): number {
    const first = this.#pages.next
    const room = this.#pages.size - PAGE_NUMBER
    for (let from = 0; from < rest.length; from += room) {
      const { page } = this.#pages.take()
      page.writeUInt32BE(from + room < rest.length ? this.#pages.next : 0, 0)
      rest.copy(page, PAGE_NUMBER, from, from + room)
    }
    return first
  }
}

/** Parts the children of a level into pages. A page needs two at least, so the last may take one from the page before. */
function grouped(children: Child[], roomInPage: number): Child[][] {
  const groups: Child[][] = []
  let group: Child[] = []
  let room = roomInPage
  for (const child of children) {
    // The last child of a page needs no cell, so this counts one too many.
    const cell = PAGE_NUMBER + varintLength(child.last) + POINTER
    if (cell > room) {
      groups.push(group)
      group = []
      room = roomInPage
    }
    group.push(child)
    room -= cell
  }
  groups.push(group)
  const before = groups.at(-2)
  if (group.length === 1 && before !== undefined) group.unshift(...before.splice(-1))
  return groups
}

/** Puts children into an empty page; the page of the last of them is the answer. */
function fill(interior: PageContent, children: Child[]): number {
  for (const { page, last } of children.slice(0, -1)) {
    interior.begin()
    interior.pageNumber(page)
    interior.varint(last)
  }
  return children.at(-1)?.page ?? 0
}

/** The cells of a page that is being filled. */
class PageContent {
  readonly #size: number
  readonly #kind: number
  readonly #header: number
  readonly #bytes: Buffer
  readonly #starts: Uint16Array
  #count = 0
  #length = 0

  constructor(size: number, { kind, header }: { kind: number; header: number }) {
    this.#size = size
    this.#kind = kind
    this.#header = header
    this.#bytes = Buffer.allocUnsafe(size + LONGEST_VARINT)
    this.#starts = new Uint16Array(size / POINTER)
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** For cells and the pointers to them. */
  get room(): number {
    return this.#size - this.#header - this.#count * POINTER - this.#length
  }

  fits(cell: number): boolean {
    return cell + POINTER <= this.room
  }

  /** What follows is the next cell. */
  begin(): void {
    this.#starts[this.#count] = this.#length
    this.#count += 1
  }

  varint(value: number): void {
    this.#length = writeVarint(this.#bytes, this.#length, value)
  }

  pageNumber(value: number): void {
    this.#length = this.#bytes.writeUInt32BE(value, this.#length)
  }

  copy(bytes: Buffer, length: number): void {
    bytes.copy(this.#bytes, this.#length, 0, length)
    this.#length += length
  }

  /** Writes the page, with `right` as the child behind all cells of an interior one, and begins an empty one. */
  writeTo(page: Buffer, right: number): void {
    const from = this.#size - this.#length
    page[0] = this.#kind
    page.writeUInt16BE(this.#count, 3)
    // 65,536 does not fit; zero stands for it.
    page.writeUInt16BE(from & 0xffff, 5)
    if (this.#header === INTERIOR.header) page.writeUInt32BE(right, 8)
    for (let at = 0; at < this.#count; at += 1) {
      page.writeUInt16BE(from + (this.#starts[at] ?? 0), this.#header + at * POINTER)
    }
    this.#bytes.copy(page, from, 0, this.#length)
    this.#count = 0
    this.#length = 0
  }
}
