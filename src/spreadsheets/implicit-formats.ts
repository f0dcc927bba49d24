/**
 * Number formats that a workbook may use by number without saying them (ECMA-376 Part 1, 18.8.30): the accounting
 * formats, and the dates and times of Chinese, Japanese and Korean programs. The library knows their codes only from
 * the second cell on, so they are written into the styles before it reads them.
 */
const IMPLICIT: Record<number, string> = {
  5: '"$"#,##0_);\\("$"#,##0\\)',
  6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
  7: '"$"#,##0.00_);\\("$"#,##0.00\\)',
  8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
  41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
  42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
  43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
  44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
}
for (const id of [27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]) IMPLICIT[id] = 'yyyy-mm-dd'
for (const id of [32, 33, 34, 35, 55, 56]) IMPLICIT[id] = 'h:mm:ss'

/** The styles part with the codes of those formats that it uses and does not declare. */
export function withImplicitFormats(styles: Buffer): Buffer {
  const text = styles.toString('utf8')
  const ids = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, id]) => Number(id)))
  const declared = ids(/<(?:\w+:)?numFmt\s[^>]*?numFmtId="(\d+)"/g)
  const used = ids(/<(?:\w+:)?xf\s[^>]*?numFmtId="(\d+)"/g)
  const missing = [...used].filter((id) => IMPLICIT[id] !== undefined && !declared.has(id))
  if (missing.length === 0) return styles
  const [, prefix = ''] = /<(\w+:)?styleSheet[\s>]/.exec(text) ?? []
  const formats = missing.map(
    (id) => `<${prefix}numFmt numFmtId="${id}" formatCode="${escapeXml(IMPLICIT[id] ?? '')}"/>`,
  )
  const list = new RegExp(`<${prefix}numFmts[^>]*[^/]>`).exec(text)
  if (list) return Buffer.from(text.replace(list[0], () => list[0] + formats.join('')))
  const added = `<${prefix}numFmts count="${formats.length}">${formats.join('')}</${prefix}numFmts>`
  return Buffer.from(text.replace(/<(?:\w+:)?styleSheet[^>]*>/, (tag) => tag + added))
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
