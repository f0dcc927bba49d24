import { compilePattern } from './text-check.ts'

/** A repetition without an upper end is written out this often. */
const OPEN_END = 3
const MOST_REPEATED = 100
/** Groups in groups multiply. */
const LONGEST = 1000

const DIGITS = characters('0', '9')
const LETTERS = characters('A', 'Z')
const SETS: Record<string, string[]> = { d: DIGITS, w: LETTERS, s: [' '] }
const ATOM = /^(?:\\([dws])|\\([^\p{L}\p{N}])|\[(?!\^)((?:\\.|[^\]\\])+)\]|([^\\[\](){}|?*+.^$]))/u
/** One that is remembered, named or not; what only looks around makes no text. */
const OPENING = /^\((?:\?:|\?<\w+>|(?!\?))/
const REPEATED = /^(?:\{(\d+)(?:(,)(\d*))?\}|([?*+]))/

/**
 * A text of the pattern's form, another one for each `index` below ten, as far as its form is simple: characters, classes
 * such as \d and [A-Z], how often they come, groups and alternatives, of which the first that can be made up is taken.
 * Null for whatever else can't be: what is looked ahead at, referred back to, or anything but something.
 */
export function patternExample(pattern: string, index: number): string | null {
  const whole = compilePattern(pattern)
  const text = write(pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, ''), index)
  return text !== null && whole?.test(text) ? text : null
}

/** A pattern, or what a group has in it: its alternatives are told apart by the bars outside of its own groups. */
function write(pattern: string, index: number): string | null {
  for (const part of alternatives(pattern)) {
    const text = writeAll(part, index)
    if (text !== null) return text
  }
  return null
}

function writeAll(pattern: string, index: number): string | null {
  let text = ''
  for (let rest = pattern; rest !== ''; ) {
    const group = groupAt(rest)
    const atom = group === undefined ? ATOM.exec(rest) : null
    if (group === undefined && atom === null) return null
    rest = rest.slice(group?.length ?? atom?.[0].length ?? 0)
    const repeated = REPEATED.exec(rest)
    rest = rest.slice(repeated?.[0].length ?? 0)
    const count = times(repeated)
    const piece = group === undefined ? repeatAtom(atom, count, index) : repeatGroup(group.inner, count, index)
    if (count > MOST_REPEATED || piece === null || text.length + piece.length > LONGEST) return null
    text += piece
  }
  return text
}

function repeatAtom(atom: RegExpExecArray | null, count: number, index: number): string | null {
  const from = atom === null ? [] : choices(atom)
  const last = from[Math.min(index + 1, from.length - 1)]
  if (last === undefined || count > MOST_REPEATED) return null
  return count === 0 ? '' : (from[0] ?? '').repeat(count - 1) + last
}

function repeatGroup(inner: string, count: number, index: number): string | null {
  if (count > MOST_REPEATED) return null
  const last = write(inner, index)
  // Not made up twice: groups in groups would double the work with every level.
  const others = index === 0 || last === null || count < 2 ? last : write(inner, 0)
  if (last === null || others === null) return null
  return count === 0 ? '' : others.repeat(count - 1) + last
}

/** The group that the pattern begins with: how long it is, and what is in it. */
function groupAt(pattern: string): { length: number; inner: string } | undefined {
  const opening = OPENING.exec(pattern)?.[0]
  if (opening === undefined) return undefined
  const close = findOutside(pattern.slice(opening.length), ')')[0]
  if (close === undefined) return undefined
  return { length: opening.length + close + 1, inner: pattern.slice(opening.length, opening.length + close) }
}

function alternatives(pattern: string): string[] {
  const bars = findOutside(pattern, '|')
  return [-1, ...bars].map((bar, at) => pattern.slice(bar + 1, bars[at]))
}

/** Where a sign stands outside of groups, sets and escapes. */
function findOutside(pattern: string, sign: ')' | '|'): number[] {
  const found: number[] = []
  let depth = 0
  for (const { 0: token, index } of pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()|]/gsu)) {
    if (depth === 0 && token === sign) found.push(index)
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
  }
  return found
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
