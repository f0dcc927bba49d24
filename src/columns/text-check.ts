import { cellText } from './cell-text.ts'
import { type Checked, type FilledCheck, type Misfit, misfit } from './checked.ts'
import type { Column } from './column.ts'
import { bound } from './number-check.ts'

export function compileTextCheck(column: Column): FilledCheck {
  const refused = compileRules(column)
  return (cell): Checked => {
    const text = typeof cell === 'string' ? cell : cellText(cell).trim()
    return refused(text) ?? text
  }
}

/** Enough to catch what is not an address; only a mail that arrives proves one. */
const EMAIL = /^[^\s@"(),:;<>[\]\\]+@[^\s@.,;:<>()[\]\\]+(?:\.[^\s@.,;:<>()[\]\\]+)+$/
const LONGEST_EMAIL = 254

export function compileEmailCheck(column: Column): FilledCheck {
  const refused = compileRules(column)
  return (cell): Checked => {
    const text = typeof cell === 'string' ? cell : cellText(cell).trim()
    if (!looksLikeEmail(text)) return misfit(column, 'not_email', text, notEmail(text))
    return refused(text) ?? text
  }
}

export function looksLikeEmail(text: string): boolean {
  return text.length <= LONGEST_EMAIL && (isUsualEmail(text) || EMAIL.test(text))
}

/** Characters of an address that the pattern takes on both sides of the @, by their codes. */
const USUAL = new Set(
  Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+', (each) => each.charCodeAt(0)),
)
const USUAL_CODES = Uint8Array.from({ length: 128 }, (_, code) => (USUAL.has(code) ? 1 : 0))
const AT = 64
const DOT = 46

/** Whether it is an address of letters, digits and the usual signs: most are, and no regular expression need look at them. */
function isUsualEmail(text: string): boolean {
  let at = -1
  let dot = -1
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k)
    if (USUAL_CODES[code] === 1) continue
    if (code === AT && at === -1 && k > 0) at = k
    else if (code === DOT && at === -1) continue
    else if (code === DOT && k > at + 1 && k > dot + 1) dot = k
    else return false
  }
  return at > 0 && dot > at && dot < text.length - 1
}

function notEmail(text: string): string {
  if (/^mailto:/i.test(text)) return "is a link, expected the e-mail address alone, without 'mailto:'."
  if (/<[^<>]+@[^<>]+>/.test(text)) return 'is a name with an address, expected the e-mail address alone.'
  if (text.split('@').length > 2) return 'holds more than one @, expected one e-mail address.'
  return 'is not an e-mail address, expected for example ana@example.org.'
}

const URL_SHAPE = /^https?:\/\/[^\s/?#]+(?:[/?#]\S*)?$/i

export function compileUrlCheck(column: Column): FilledCheck {
  const refused = compileRules(column)
  return (cell): Checked => {
    const text = typeof cell === 'string' ? cell : cellText(cell).trim()
    if (!looksLikeUrl(text)) return misfit(column, 'not_url', text, notUrl(text))
    return refused(text) ?? text
  }
}

export function looksLikeUrl(text: string): boolean {
  return URL_SHAPE.test(text) && URL.canParse(text)
}

function notUrl(text: string): string {
  const example = 'expected for example https://example.org'
  if (/^mailto:/i.test(text) || EMAIL.test(text)) return `is an e-mail address, not a web address, ${example}.`
  if (/^https?:/i.test(text) && /\s/.test(text)) return 'is not a web address: it must not contain spaces.'
  if (/^https?:/i.test(text)) return `is not a complete web address, ${example}.`
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return `does not start with http:// or https://, ${example}.`
  if (URL_SHAPE.test(`https://${text}`) && /^[^/]+\.[^/]+/.test(text)) {
    return `is a web address without its start, expected ${`https://${text}`.slice(0, 100)}.`
  }
  return `is not a web address, ${example}.`
}

/** The pattern as a test of a whole value; null when it is not a regular expression that can be used. */
export function compilePattern(pattern: string): RegExp | null {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u')
  } catch {
    return null
  }
}

/**
 * The check of length and pattern; null passes. Lengths count characters as people do, an emoji of two code units is
 * one. A pattern that does not compile is left out: the template's form refuses it, and a job must not fail for it.
 */
function compileRules(column: Column): (text: string) => Misfit | null {
  const least = bound(column.min) ?? 0
  const most = bound(column.max) ?? Number.POSITIVE_INFINITY
  const pattern = column.pattern === null || column.pattern === '' ? null : compilePattern(column.pattern)
  if (least <= 0 && most === Number.POSITIVE_INFINITY && pattern === null) return passes
  return (text) => {
    if (text.length < least * 2 && characters(text) < least) {
      return misfit(column, 'too_short', text, `has ${counted(characters(text))}, at least ${least} are needed.`)
    }
    if (text.length > most && characters(text) > most) {
      return misfit(column, 'too_long', text, `has ${counted(characters(text))}, at most ${most} are allowed.`)
    }
    if (pattern === null || pattern.test(text)) return null
    return misfit(column, 'pattern', text, `does not have the form that this column asks for: ${column.pattern}`)
  }
}

function passes(): null {
  return null
}

function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

function counted(count: number): string {
  return count === 1 ? '1 character' : `${count.toLocaleString('en-US')} characters`
}
