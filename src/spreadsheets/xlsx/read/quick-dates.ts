/** A moment as its format shows it: figures of the calendar and of the clock. */
export type Moment = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const TOKEN = /\[\$-[0-9A-F]+\]|"[^"]*"|\\.|AM\/PM|y+|m+|d+|h+|s+|[ ,./:-]|./gis

type Part = (moment: Moment) => string

/**
 * Writes moments in a date format that is made of figures and separators only (ECMA-376 Part 1, 18.8.31), such as
 * dd.mm.yyyy or m/d/yy h:mm AM/PM; undefined for any other format. Like the library that knows them all, and many times
 * faster, since the format's code is read once and not for every cell.
 */
export function quickDateText(format: string): Part | undefined {
  const tokens = format.replace(/;@$/, '').match(TOKEN) ?? []
  const isHalfDay = tokens.some((token) => /^am\/pm$/i.test(token))
  const parts: Part[] = []
  let last = ''
  for (const [index, token] of tokens.entries()) {
    const letter = token[0]?.toLowerCase() ?? ''
    const isField = /^[ymdhs]+$/i.test(token)
    const isMinute = letter === 'm' && token.length <= 2 && (last === 'h' || nextField(tokens, index) === 's')
    const part = isField ? field(letter, token.length, { isMinute, isHalfDay }) : literal(token, tokens[index + 1])
    if (part === undefined) return undefined
    if (isField) last = letter
    parts.push(part)
  }
  return (moment) => {
    let text = ''
    for (const part of parts) text += part(moment)
    return text
  }
}

function nextField(tokens: string[], index: number): string | undefined {
  return tokens
    .slice(index + 1)
    .find((token) => /^[ymdhs]+$/i.test(token))?.[0]
    ?.toLowerCase()
}

function field(
  letter: string,
  length: number,
  { isMinute, isHalfDay }: { isMinute: boolean; isHalfDay: boolean },
): Part | undefined {
  if (letter === 'y') return length <= 2 ? ({ year }) => two(year % 100) : ({ year }) => `${year}`.padStart(4, '0')
  if (isMinute) return figures(length, ({ minute }) => minute)
  if (letter === 'm' && length === 3) return ({ month }) => MONTHS[month - 1]?.slice(0, 3) ?? ''
  if (letter === 'm' && length === 4) return ({ month }) => MONTHS[month - 1] ?? ''
  if (letter === 'm') return figures(length, ({ month }) => month)
  if (letter === 'd') return figures(length, ({ day }) => day)
  if (letter === 's') return figures(length, ({ second }) => second)
  return figures(length, isHalfDay ? ({ hour }) => 1 + ((hour + 11) % 12) : ({ hour }) => hour)
}

function figures(length: number, value: (moment: Moment) => number): Part | undefined {
  if (length > 2) return undefined
  return length === 1 ? (moment) => `${value(moment)}` : (moment) => two(value(moment))
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}

function literal(token: string, next: string | undefined): Part | undefined {
  if (token === 'AM/PM') return ({ hour }) => (hour >= 12 ? 'PM' : 'AM')
  if (token.startsWith('[')) return token.length > 1 ? () => '' : undefined
  if (token.startsWith('"')) return token.length > 1 ? () => token.slice(1, -1) : undefined
  if (token.startsWith('\\')) return token.length > 1 ? () => token.slice(1) : undefined
  // "ss.00" are parts of a second.
  return /^[ ,./:-]$/.test(token) && !(token === '.' && next === '0') ? () => token : undefined
}
