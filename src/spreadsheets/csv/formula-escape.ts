/**
 * A spreadsheet program runs a CSV field that begins with one of these as a formula (CSV injection, CWE-1236), the
 * full-width forms included. An apostrophe in front makes it text.
 */
const RUNS = '=+\\-@\\t\\r\\n＝＋－＠'
const NEEDS_ESCAPE = new RegExp(`^'*[${RUNS}]`)
const APOSTROPHE = 39
const IS_ESCAPED = new RegExp(`^''*[${RUNS}]`)

/**
 * Puts an apostrophe before a text that a spreadsheet program would run. A text that already is apostrophes before
 * such a character gets one more, so that `unescapeFormula(escapeFormula(text)) === text` for every text.
 * For text values only: a negative number is written as it is.
 */
export function escapeFormula(text: string): string {
  return NEEDS_ESCAPE.test(text) ? `'${text}` : text
}

/** Takes that apostrophe off again. Texts that `escapeFormula` leaves alone stay as they are ("'tis", "o'clock"). */
export function unescapeFormula(text: string): string {
  return text.charCodeAt(0) === APOSTROPHE && IS_ESCAPED.test(text) ? text.slice(1) : text
}
