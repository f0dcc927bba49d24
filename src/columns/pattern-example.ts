import { compilePattern } from './text-check.ts'

/** A repetition without an upper end is written out this often. */
const OPEN_END = 3
const MOST_REPEATED = 100

const DIGITS = characters('0', '9')
const LETTERS = characters('A', 'Z')
const SETS: Record<string, string[]> = { d: DIGITS, w: LETTERS, s: [' '] }
const ATOM = /^(?:\\([dws])|\\([^\p{L}\p{N}])|\[(?!\^)((?:\\.|[^\]\\])+)\]|([^\\[\](){}|?*+.^$]))/u
const REPEATED = /^(?:\{(\d+)(?:(,)(\d*))?\}|([?*+]))/

/**
 * A text of the pattern's form, another one for each `index` below ten, as far as its form is simple: characters, classes
 * such as \d and [A-Z], and how often they come. Null for alternatives, groups and whatever else can't be made up.
 */
export function patternExample(pattern: string, index: number): string | null {
  const whole = compilePattern(pattern)
  const text = write(pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, ''), index)
  return text !== null && whole?.test(text) ? text : null
}

function write(pattern: string, index: number): string | null {
  let text = ''
  for (let rest = pattern; rest !== ''; ) {
    const atom = ATOM.exec(rest)
    if (atom === null) return null
    rest = rest.slice(atom[0].length)
    const repeated = REPEATED.exec(rest)
    rest = rest.slice(repeated?.[0].length ?? 0)
    const count = times(repeated)
    const from = choices(atom)
    if (count > MOST_REPEATED || from.length === 0) return null
    for (let at = 1; at <= count; at += 1) text += from[at === count ? Math.min(index + 1, from.length - 1) : 0] ?? ''
  }
  return text
}

/** What an atom may be; a single character for one that stands for itself. */
function choices([, set, escaped, listed, literal]: RegExpExecArray): string[] {
  if (set !== undefined) return SETS[set] ?? []
  if (listed !== undefined) return listedCharacters(listed)
  return [escaped ?? literal ?? '']
}

function listedCharacters(listed: string): string[] {
  const parts = listed.match(/\\[dws]|\\.|[^\\]-[^\\]|[^\\]/gu) ?? []
  return parts.flatMap((part) => {
    const [first = '', second = '', third] = Array.from(part)
    if (first === '\\') return SETS[second] ?? [second]
    return third === undefined ? [first] : characters(first, third)
  })
}

function times(repeated: RegExpExecArray | null): number {
  const [whole, least, isRange, most, sign] = repeated ?? []
  if (whole === undefined) return 1
  if (sign !== undefined) return sign === '?' ? 1 : OPEN_END
  if (isRange === undefined) return Number(least)
  return most === '' ? Math.max(Number(least), 1) : Math.max(Number(least), Math.min(Number(most), OPEN_END))
}

function characters(first: string, last: string): string[] {
  const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0]
  return Array.from({ length: Math.max(0, Math.min(to - from + 1, 100)) }, (_, at) => String.fromCodePoint(from + at))
}
