import type { ExportMarks } from './spreadsheet.ts'

/**
 * Our exports carry the template and the columns' ids as defined names (ECMA-376 Part 1, 18.2.5), which a spreadsheet
 * program moves along with the cells they name: `Sheetport.<column id>` is a header cell, `Sheetport.template` a text.
 */
const PREFIX = 'Sheetport.'
const TEMPLATE = `${PREFIX}template`

export type DefinedName = { name: string; reference: string }

export function marksToNames(marks: { templateId: string; version: number }, sheet: string, columnIds: Mark[]) {
  const names: DefinedName[] = columnIds.map(({ id, letters }) => ({
    name: `${PREFIX}${id}`,
    reference: `${quoteSheetName(sheet)}!$${letters}$1`,
  }))
  names.push({ name: TEMPLATE, reference: `"${marks.templateId}:${marks.version}"` })
  return names
}

export function quoteSheetName(name: string): string {
  return `'${name.replaceAll("'", "''")}'`
}

export type Mark = { id: string; letters: string }

/** The marks of one of our exports, or undefined when the names are not there, or no longer what we wrote. */
export function namesToMarks(names: DefinedName[]): ExportMarks | undefined {
  const template = names.find(({ name }) => name.toLowerCase() === TEMPLATE.toLowerCase())
  const [, templateId, version] = /^=?"(.+):(\d+)"$/.exec(template?.reference ?? '') ?? []
  if (templateId === undefined) return undefined
  const columns = new Map<number, string>()
  for (const { name, reference } of names) {
    if (!name.startsWith(PREFIX) || name === TEMPLATE) continue
    const index = columnOf(reference)
    if (index !== undefined) columns.set(index, name.slice(PREFIX.length))
  }
  return { templateId, version: Number(version), columns }
}

/** "'Data'!$B$1" is 1; a column that was deleted is "#REF!" and has no place. */
function columnOf(reference: string): number | undefined {
  const letters = /!\$?([A-Z]{1,3})\$?\d+(?::|$)/.exec(reference)?.[1]
  if (letters === undefined) return undefined
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
