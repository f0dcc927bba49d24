/**
 * A cell as a reader hands it over. Plain numbers, texts and booleans are plain values, because a million rows
 * of them pass through; only what carries more than its value is an object.
 *
 * - `string`: text exactly as stored, not trimmed. Every cell of a CSV is a string or null.
 * - `number`: a number in General format, so its shortest decimal form is what the person sees.
 * - `NumberCell`: a number with a number format; `text` is what the person sees ("00042", "12.5 %", "€ 1,000.00").
 * - `DateCell`: a number whose format is a date or a time. `value` is local wall time without zone:
 *   "2024-02-28", "2024-02-28T10:30:00", or "10:30:00" for a time of day without a date.
 * - `ErrorCell`: a formula error such as "#N/A".
 * - `null`: no value.
 */
export type Cell = string | number | boolean | NumberCell | DateCell | ErrorCell | null

export type NumberCell = { type: 'number'; value: number; text: string }
export type DateCell = { type: 'date'; value: string; text: string }
export type ErrorCell = { type: 'error'; code: string }

/** A row with its number as the spreadsheet shows it (the first is 1); `cells[0]` is column A. Trailing nulls may be missing. */
export type Row = { number: number; cells: Cell[] }

/** "A" for 0, "AA" for 26. */
export function columnLetters(index: number): string {
  let letters = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  }
  return letters
}
