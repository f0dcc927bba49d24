/** What a number format makes of a number. `elapsed` is a duration such as [h]:mm. */
export type NumberFormatKind = 'general' | 'number' | 'date' | 'time' | 'datetime' | 'elapsed'

const kinds = new Map<string, NumberFormatKind>()
const MAX_KNOWN = 10_000

/** The kind of a format code (ECMA-376 Part 1, 18.8.31). Remembered, since a sheet has few formats and many cells. */
export function numberFormatKind(format: string): NumberFormatKind {
  const known = kinds.get(format)
  if (known) return known
  if (kinds.size > MAX_KNOWN) kinds.clear()
  const kind = readKind(format)
  kinds.set(format, kind)
  return kind
}

function readKind(format: string): NumberFormatKind {
  // The first section is for positive numbers; quoted, escaped, padding and bracketed characters are not codes.
  const [first = ''] = format.replace(/"[^"]*"?|\\.|[_*]./g, '').split(';')
  const bare = first
    .replace(/\[(h+|m+|s+)\]/gi, '\0')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general|standard/gi, '@')
    .replace(/[0#?.]+E[+-]?/gi, '0')
    .replace(/s[.,]0+/gi, 's')
    .toLowerCase()
  if (format.trim() === '' || /^\s*@\s*$/.test(bare)) return 'general'
  if (bare.includes('\0')) return 'elapsed'
  const codes = bare.replace(/am\/pm|a\/p|上午\/下午/g, 'h')
  if (/[0#?]/.test(codes.replace(/(?:s|ss)0+/g, ''))) return 'number'
  const time = /[hs]/.test(codes)
  const date = /[ydgbe]/.test(codes) || hasMonth(codes)
  if (date) return time ? 'datetime' : 'date'
  return time ? 'time' : 'number'
}

/** "m" is minutes right after hours or right before seconds, else months. */
function hasMonth(codes: string): boolean {
  const letters = codes.replace(/[^a-z]/g, '').replace(/(.)\1*/g, '$1')
  return /(?<!h)m(?!s)/.test(letters)
}
