/** A dimension stands before the rows (ECMA-376 Part 1, 18.3.1.35), with sheet properties at most before it. */
const SEARCHED = 4096
const DIMENSION =
  /<(?:[\w.-]+:)?dimension\s[^>]*?\bref\s*=\s*["']\$?[A-Z]{1,3}\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})["']/

/**
 * How many rows a sheet says it has, from the first piece of its part. Good for a person who chooses among sheets and for
 * nothing else: a program may leave it out, or get it wrong. A single cell is what programs write that don't know.
 */
export function rowsByDimension(piece: Buffer): number | undefined {
  const [, first, last] = DIMENSION.exec(piece.toString('latin1', 0, SEARCHED)) ?? []
  return first === undefined || last === undefined || first === last ? undefined : Number(last) - Number(first) + 1
}
