/** How many letters must be added, dropped or exchanged to make one text of the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  const from = Array.from(a)
  const to = Array.from(b)
  let above = to.map((_, index) => index + 1)
  above.unshift(0)
  for (const [i, letter] of from.entries()) {
    const row = [i + 1]
    for (const [j, other] of to.entries()) {
      const exchanged = (above[j] ?? 0) + (letter === other ? 0 : 1)
      row.push(Math.min(exchanged, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    above = row
  }
  return above[to.length] ?? 0
}

const LONGEST_COMPARED = 100
const SHORTEST_CONTAINED = 3

/**
 * How near two normalised texts are, from 1 (the same) to 0 (not worth a suggestion). Near is an edit distance of at
 * most 2 or 30 %, but never more than half of the letters, or every two-letter word would be near every other.
 */
export function nearness(a: string, b: string): number {
  const longer = Math.max(a.length, b.length)
  if (longer === 0 || longer > LONGEST_COMPARED) return 0
  if (Math.abs(a.length - b.length) > Math.max(2, longer * 0.3)) return 0
  const distance = editDistance(a, b)
  const near = (distance <= 2 || distance <= longer * 0.3) && distance * 2 <= longer
  return near ? 1 - distance / longer : 0
}

/** As `nearness`, but a text that contains the other one whole counts too, after every near spelling: "mail", "email". */
export function likeness(a: string, b: string): number {
  const near = nearness(a, b)
  if (near > 0) return 1 + near
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= SHORTEST_CONTAINED && long.includes(short) ? short.length / long.length : 0
}
