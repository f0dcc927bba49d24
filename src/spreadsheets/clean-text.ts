/**
 * A text as all readers give it and both writers write it, so that it stays what it is on its way out and back: line
 * breaks are LF, as spreadsheet programs keep them in a cell; half a surrogate pair, which UTF-8 can't hold, is U+FFFD;
 * a NUL, which no such program can hold, is left out.
 */
export function cleanText(text: string): string {
  const whole = text.includes('\0') ? text.replaceAll('\0', '') : text
  return (whole.includes('\r') ? whole.replace(/\r\n?/g, '\n') : whole).toWellFormed()
}
