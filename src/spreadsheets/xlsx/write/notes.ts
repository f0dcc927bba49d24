import { columnLetters } from '../../cell.ts'
import type { OutColumn } from '../../out-sheet.ts'
import { escapeXml, xlsxText } from './xml-text.ts'

/** A note on a header cell; `index` is the column's. */
export type HeaderNote = { index: number; text: string }

const AUTHOR = 'Sheetport'
const LAST_COLUMN = 16_383
/** Shapes are numbered in blocks of so many, from 1025 on, and the drawing names its blocks. */
const BLOCK = 1024

export function notesOf(columns: OutColumn[]): HeaderNote[] {
  return columns.flatMap(({ note }, index) => (note ? [{ index, text: note }] : []))
}

/** The texts of the notes (ECMA-376 Part 1, 18.7). */
export function commentsPart(notes: HeaderNote[], start: string): string {
  const items = notes.map(
    ({ index, text }) =>
      `<comment ref="${columnLetters(index)}1" authorId="0"><text><r><rPr><sz val="10"/><rFont val="Calibri"/></rPr><t xml:space="preserve">${xlsxText(text)}</t></r></text></comment>`,
  )
  return `${start}<authors><author>${AUTHOR}</author></authors><commentList>${items.join('')}</commentList></comments>`
}

/** The boxes of the notes: VML, which Excel still wants for them (ECMA-376 Part 4, 19). */
export function notesDrawing(notes: HeaderNote[]): string {
  const blocks = Array.from({ length: Math.ceil((notes.length + 1) / BLOCK) }, (_, at) => at + 1).join(',')
  const shapes = notes.map(({ index, text }, at) => shape(index, at, text.split('\n').length))
  return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${escapeXml(blocks)}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${shapes.join('')}</xml>`
}

/** Beside its cell, three columns wide and as many rows high as it has lines, and two for those that wrap. */
function shape(column: number, at: number, lines: number): string {
  const left = Math.min(column + 1, LAST_COLUMN - 3)
  const anchor = `${left}, 15, 0, 2, ${left + 3}, 15, ${lines + 2}, 4`
  return `<v:shape id="_x0000_s${BLOCK + 1 + at}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:200pt;height:100pt;z-index:${at + 1};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>0</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`
}
