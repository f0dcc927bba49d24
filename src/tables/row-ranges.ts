/** How many ranges are written out. */
const MOST_RANGES = 20

/** Row numbers in ascending order as a person would write them: "3–17, 40", and "… and more" when there are too many. */
export function rowRanges(rows: Iterable<number>): string {
  const ranges: { first: number; last: number }[] = []
  for (const row of rows) {
    const range = ranges.at(-1)
    if (range !== undefined && row === range.last + 1) {
      range.last = row
      continue
    }
    if (ranges.length === MOST_RANGES) return `${ranges.map(written).join(', ')} and more`
    ranges.push({ first: row, last: row })
  }
  return ranges.map(written).join(', ')
}

function written({ first, last }: { first: number; last: number }): string {
  if (first === last) return String(first)
  return last === first + 1 ? `${first}, ${last}` : `${first}–${last}`
}
