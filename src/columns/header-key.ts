/** Letters that Unicode does not take apart, and that people type without their stroke or ligature. */
const PLAIN_LETTERS: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th' }

/**
 * The form in which headers are compared: without case, accents, spaces and punctuation. A header of nothing but
 * punctuation ("#", "%") keeps it, so that it still matches itself; only a blank header gives ''.
 */
export function headerKey(header: string): string {
  const folded = folding(header)
  const key = folded.replace(/[^\p{L}\p{N}\p{M}]+/gu, '')
  return key === '' ? folded.replace(/\s+/g, '') : key
}

/** Without case, accents and spaces; punctuation stays: "Café  au lait" is "cafeaulait", "A+" stays apart from "A-". */
export function looseKey(text: string): string {
  return folding(text).replace(/\s+/g, '')
}

/** Lower case without accents. Only the accents of Latin, Greek and Cyrillic go: marks of other scripts are letters there. */
export function folding(text: string): string {
  const lower = text.toLowerCase()
  // Most headers are plain, and there is nothing else to take from those.
  if (/^[\x20-\x7e]*$/.test(lower)) return lower
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøłđðþ]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .normalize('NFC')
}
