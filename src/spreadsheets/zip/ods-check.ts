import { tooLarge } from '../refusals.ts'

/**
 * OpenDocument repeats a cell or a row by a number (Part 3, 19.675.3 and 19.679), so that a small file can stand for
 * billions of cells. This counts what a reader that writes them out would hold, while the part is inflated.
 */
export type OdsCheck = { maxCells: number; cells: number; rowRepeat: number; rest: string }

const TAG = /<table:table-(row|cell)(?=[\s/>])([^>]*)>|<text:s(?=[\s/>])([^>]*)>/g
const MAX_TAG = 64 * 1024
const MAX_SPACES = 100_000

export function startOdsCheck(maxCells: number): OdsCheck {
  return { maxCells, cells: 0, rowRepeat: 1, rest: '' }
}

export function checkOdsPiece(check: OdsCheck, piece: Buffer): void {
  const text = check.rest + piece.toString('latin1')
  const open = text.lastIndexOf('<')
  const whole = text.indexOf('>', open) >= 0 ? text : text.slice(0, Math.max(open, 0))
  for (const [, kind, attributes = '', spaces] of whole.matchAll(TAG)) {
    if (kind === 'row') check.rowRepeat = repeat(attributes, 'number-rows-repeated')
    // A cell without content ends in "/>" and is only a gap.
    else if (kind === 'cell' && !attributes.endsWith('/')) {
      check.cells += check.rowRepeat * repeat(attributes, 'number-columns-repeated')
    } else if (spaces !== undefined && repeat(spaces, 'c') > MAX_SPACES) check.cells = Number.POSITIVE_INFINITY
  }
  if (check.cells > check.maxCells) {
    throw tooLarge(`This workbook stands for more than ${check.maxCells.toLocaleString('en')} cells.`)
  }
  check.rest = text.slice(whole.length).slice(-MAX_TAG)
}

function repeat(attributes: string, name: string): number {
  const found = new RegExp(`:${name}="(\\d+)"`).exec(attributes)
  return found ? Math.max(1, Number(found[1])) : 1
}
