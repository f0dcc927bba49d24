import type { DefinedName } from '../../export-marks.ts'
import { commentsPart, type HeaderNote, notesDrawing } from './notes.ts'
import { escapeXml } from './xml-text.ts'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const RELATIONSHIPS = 'application/vnd.openxmlformats-package.relationships+xml'
const VML = 'application/vnd.openxmlformats-officedocument.vmlDrawing'

export const sheetStart = `${DECLARATION}<worksheet xmlns="${MAIN}" xmlns:r="${DOCUMENT}">`

/** By which the sheet names the drawing of its notes. */
export const NOTES_ID = 'rId1'

/** What a workbook has besides its sheet. */
export type Extras = { notes: HeaderNote[]; hasLists: boolean }

/** The parts around the sheets (ECMA-376 Part 1, 12.2); the content types come first. */
export function packageParts({ notes, hasLists }: Extras): [name: string, text: string][] {
  const targets: [type: string, target: string][] = [
    ['worksheet', 'worksheets/sheet1.xml'],
    ['styles', 'styles.xml'],
  ]
  if (hasLists) targets.push(['worksheet', 'worksheets/sheet2.xml'])
  const parts: [name: string, text: string][] = [
    ['[Content_Types].xml', contentTypes({ notes, hasLists })],
    ['_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']])],
    ['xl/_rels/workbook.xml.rels', relationships(targets)],
    ['xl/styles.xml', styles],
  ]
  return notes.length === 0 ? parts : [...parts, ...noteParts(notes)]
}

function contentTypes({ notes, hasLists }: Extras): string {
  const overrides = [
    ['workbook', 'sheet.main'],
    ['worksheets/sheet1', 'worksheet'],
    ...(hasLists ? [['worksheets/sheet2', 'worksheet']] : []),
    ['styles', 'styles'],
    ...(notes.length > 0 ? [['comments1', 'comments']] : []),
  ].map(([name, kind]) => `<Override PartName="/xl/${name}.xml" ContentType="${TYPE}.${kind}+xml"/>`)
  const defaults = [
    ['rels', RELATIONSHIPS],
    ['xml', 'application/xml'],
    ...(notes.length > 0 ? [['vml', VML]] : []),
  ].map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`)
  return `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">${defaults.join('')}${overrides.join('')}</Types>`
}

function noteParts(notes: HeaderNote[]): [name: string, text: string][] {
  return [
    [
      'xl/worksheets/_rels/sheet1.xml.rels',
      relationships([
        ['vmlDrawing', '../drawings/vmlDrawing1.vml'],
        ['comments', '../comments1.xml'],
      ]),
    ],
    ['xl/comments1.xml', commentsPart(notes, `${DECLARATION}<comments xmlns="${MAIN}">`)],
    ['xl/drawings/vmlDrawing1.vml', notesDrawing(notes)],
  ]
}

function relationships(targets: [type: string, target: string][]): string {
  const items = targets.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${DOCUMENT}/${type}" Target="${target}"/>`,
  )
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`
}

/**
 * The workbook part. Excel keeps the range of a sheet's filter also as a hidden name (18.2.5), and adds it when it is
 * missing. A second sheet holds the choices of drop-downs, and is hidden.
 */
export function workbookPart(
  { sheetName, listsName }: { sheetName: string; listsName: string | undefined },
  filter: string | undefined,
  names: DefinedName[],
): string {
  const items = names.map(({ name, reference }) => definedName(`name="${escapeXml(name)}" hidden="1"`, reference))
  if (filter) items.unshift(definedName('name="_xlnm._FilterDatabase" localSheetId="0" hidden="1"', filter))
  const definedNames = items.length > 0 ? `<definedNames>${items.join('')}</definedNames>` : ''
  const sheets = [`<sheet name="${escapeXml(sheetName)}" sheetId="1" r:id="rId1"/>`]
  if (listsName) sheets.push(`<sheet name="${escapeXml(listsName)}" sheetId="2" state="hidden" r:id="rId3"/>`)
  return `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><bookViews><workbookView/></bookViews><sheets>${sheets.join('')}</sheets>${definedNames}</workbook>`
}

function definedName(attributes: string, reference: string): string {
  return `<definedName ${attributes}>${escapeXml(reference)}</definedName>`
}

/** Indexes into the cell formats of `styles`. */
export const STYLES = { general: 0, header: 1, text: 2, date: 3, datetime: 4, integer: 5, requiredHeader: 6 } as const

const headerFormat = (fill: number) =>
  `<xf numFmtId="49" fontId="1" fillId="${fill}" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf>`

/** In the order of STYLES: numFmtId 49 is text (@), 1 is 0 (18.8.30). */
const CELL_FORMATS = [
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  headerFormat(2),
  ...[49, 164, 165, 1].map(
    (id) => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  ),
  headerFormat(3),
]

/** Headers are grey, those of columns that must be filled amber. */
const FILLS = ['FFE5EAF1', 'FFFDE7B5'].map(
  (color) =>
    `<fill><patternFill patternType="solid"><fgColor rgb="${color}"/><bgColor indexed="64"/></patternFill></fill>`,
)

const styles = `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/><numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><color rgb="FF1F2937"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="${FILLS.length + 2}"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${FILLS.join('')}</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF94A3B8"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${CELL_FORMATS.length}">${CELL_FORMATS.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
