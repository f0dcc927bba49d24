import { describe, expect, it } from 'vitest'
import type { TemplateShape } from '../../src/columns/column.ts'
import { type HeaderMatch, matchHeaders, missingRequired } from '../../src/columns/match-headers.ts'
import { aColumn, aShape } from './columns.ts'

/** The names of the columns that the headers were matched with, in the order of the file. */
function names(match: HeaderMatch, shape: TemplateShape): (string | null)[] {
  return match.headers.map(({ columnId }) => shape.columns.find((column) => column.id === columnId)?.name ?? null)
}

function match(headers: string[], shape: TemplateShape, mapping: Record<string, string | null> = {}): HeaderMatch {
  return matchHeaders(headers, shape, { mapping })
}

function marksOf(shape: TemplateShape): Map<number, string> {
  return new Map(shape.columns.map((column, index) => [index, column.id]))
}

describe('headers', () => {
  it('match names ignoring case, spaces, punctuation and accents', () => {
    const shape = aShape('E-mail', 'First name', 'Prénom')
    const found = match([' E MAIL ', 'firstname:', 'PRENOM'], shape)
    expect(names(found, shape)).toEqual(['E-mail', 'First name', 'Prénom'])
    expect(found.headers.map((header) => header.by)).toEqual(['name', 'name', 'name'])
    expect(found).toMatchObject({ missing: [], warnings: [], recordIdIndex: null })
  })

  it('match names that hold no letters', () => {
    const shape = aShape('#', '%', '名前')
    expect(names(match(['名前', '%', '#'], shape), shape)).toEqual(['名前', '%', '#'])
  })

  it('match names as written before names that only look alike', () => {
    const shape = aShape('C', 'C++', 'C#')
    expect(names(match(['C#', 'C++', 'C'], shape), shape)).toEqual(['C#', 'C++', 'C'])
  })

  it('match aliases when no name does', () => {
    const shape = aShape(aColumn('email', { name: 'E-mail', aliases: ['Mail address'] }), 'Name')
    const found = match(['mail-address', 'Name'], shape)
    expect(found.headers.map((header) => header.by)).toEqual(['alias', 'name'])
    expect(found.warnings).toEqual([])
  })

  it('do not shift when one between them is blank', () => {
    const shape = aShape('Name', 'Phone')
    const found = match(['Name', '', 'Phone', ''], shape)
    expect(names(found, shape)).toEqual(['Name', null, 'Phone', null])
    expect(found.headers.map((header) => header.index)).toEqual([0, 1, 2, 3])
    expect(found.warnings).toEqual(['Column B of the file has no header and was ignored.'])
  })

  it('that are nearly right are suggested and not taken', () => {
    const shape = aShape(aColumn('email', { name: 'E-mail', required: true }), 'Telephone')
    const found = match(['Mail', 'Phone', 'Fax'], shape)
    expect(names(found, shape)).toEqual([null, null, null])
    expect(found.headers.map((header) => header.suggestion)).toEqual(['E-mail', 'Telephone', null])
    expect(found.missing.map((column) => column.suggestion)).toEqual(['Mail', 'Phone'])
    // What must be there is asked for; a column that may be missing would stay empty unseen.
    expect(found.warnings.at(-1)).toMatch(/^'Telephone' gets no values: .* If 'Phone' is meant, match it by hand/)
  })

  it('of a word inside another word are not suggested when the word is tiny', () => {
    const shape = aShape('Paid in full')
    expect(match(['ID'], shape).headers[0]?.suggestion).toBeNull()
  })

  it('that are not in the template are named and ignored', () => {
    const shape = aShape('Name')
    expect(match(['Name', 'Fax', 'Notes'], shape).warnings).toEqual([
      '2 columns of the file are not in the template and were ignored: Fax, Notes.',
    ])
    expect(match(['Name', 'Fax'], shape).warnings).toEqual([
      '1 column of the file is not in the template and was ignored: Fax.',
    ])
  })

  it('in another order are matched, with a warning', () => {
    const shape = aShape('Name', 'Phone', 'City')
    const found = match(['City', 'Name', 'Phone'], shape)
    expect(names(found, shape)).toEqual(['City', 'Name', 'Phone'])
    expect(found.warnings).toEqual([
      'The columns of the file are in another order than in the template; each was read by its header.',
    ])
  })

  it('that stand twice count once, the first', () => {
    const shape = aShape('Name', 'Price')
    const found = match(['Name', 'Price', 'PRICE'], shape)
    expect(names(found, shape)).toEqual(['Name', 'Price', null])
    expect(found.warnings).toEqual(["'PRICE' stands twice in the file: column B was used, column C was ignored."])
  })

  it('for one column by name and by alias count once, by name', () => {
    const shape = aShape(aColumn('email', { name: 'E-mail', aliases: ['Mail'] }))
    const found = match(['Mail', 'E-mail'], shape)
    expect(names(found, shape)).toEqual([null, 'E-mail'])
    expect(found.warnings).toEqual([
      "'E-mail' and 'Mail' are the same column of the template: column B was used, column A was ignored.",
    ])
  })

  it('of two columns that share an alias find both', () => {
    const shape = aShape('Price', aColumn('text', { name: 'Price 2', aliases: ['Price'] }))
    expect(names(match(['Price', 'Price'], shape), shape)).toEqual(['Price', 'Price 2'])
  })

  it('tell where the record ids are', () => {
    const shape = aShape('Name')
    const found = match(['__record_id', 'Name'], shape)
    expect(found.recordIdIndex).toBe(0)
    expect(found.warnings).toEqual([])
  })

  it('named like parts of every object are only headers', () => {
    const shape = aShape('constructor', 'Name')
    const found = match(['__proto__', 'toString', 'constructor'], shape)
    expect(names(found, shape)).toEqual([null, null, 'constructor'])
  })
})

describe('missing columns', () => {
  it('are listed, and a sentence for each required one tells what was found', () => {
    const shape = aShape(aColumn('email', { name: 'E-mail', required: true }), 'City', 'Name')
    const found = match(['Mail', 'Phone', '', 'Name'], shape)
    expect(found.missing.map((column) => [column.name, column.required])).toEqual([
      ['E-mail', true],
      ['City', false],
    ])
    expect(missingRequired(found)).toEqual([
      "The file has no column for 'E-mail' (required). Found: Mail, Phone, Name. Use 'Mail'?",
    ])
  })

  it('are all of them in a file without headers', () => {
    const shape = aShape(aColumn('text', { name: 'Name', required: true }))
    expect(missingRequired(match([], shape))).toEqual([
      "The file has no column for 'Name' (required). Found: no headers.",
    ])
  })
})

describe("a person's mapping", () => {
  const shape = aShape('Name', 'Phone')

  it('comes before names, and takes ids and names of columns', () => {
    expect(names(match(['Name', 'Label'], shape, { Label: 'Name' }), shape)).toEqual([null, 'Name'])
    const phone = shape.columns[1]?.id ?? ''
    const found = match(['Name', 'Cell'], shape, { Cell: phone })
    expect(names(found, shape)).toEqual(['Name', 'Phone'])
    expect(found.headers[1]?.by).toBe('mapping')
  })

  it('leaves out what it maps to nothing, without a word', () => {
    const found = match(['Name', 'Phone', 'Fax'], shape, { Phone: null, Fax: null })
    expect(names(found, shape)).toEqual(['Name', null, null])
    expect(found.warnings).toEqual([])
    expect(found.missing[0]?.suggestion).toBeNull()
  })

  it('to a column that the template does not have is said', () => {
    expect(match(['Name', 'Phone'], shape, { Name: 'Title' }).warnings).toEqual([
      "'Name' was mapped to 'Title', which is not a column of the template.",
    ])
  })
})

describe('the marks of our own exports', () => {
  it('match a renamed header, and say so', () => {
    const shape = aShape('Name', 'Phone')
    const found = matchHeaders(['Name', 'Mobile'], shape, { marks: marksOf(shape), mapping: {} })
    expect(names(found, shape)).toEqual(['Name', 'Phone'])
    expect(found.headers.map((header) => header.by)).toEqual(['mark', 'mark'])
    expect(found.warnings).toEqual(["Column B is headed 'Mobile' and was read as 'Phone', as it was exported."])
  })

  it('match a header that was deleted', () => {
    const shape = aShape('Name', 'Phone')
    const found = matchHeaders(['', 'Phone'], shape, { marks: marksOf(shape), mapping: {} })
    expect(names(found, shape)).toEqual(['Name', 'Phone'])
    expect(found.warnings).toEqual(["Column A has no header and was read as 'Name', as it was exported."])
  })

  it('yield to what a person mapped', () => {
    const shape = aShape('Name', 'Phone')
    const found = matchHeaders(['Name', 'Mobile'], shape, { marks: marksOf(shape), mapping: { Mobile: null } })
    expect(names(found, shape)).toEqual(['Name', null])
  })

  it('yield to the headers when the columns were put in another order below them', () => {
    const shape = aShape('Name', 'Phone', 'City')
    const found = matchHeaders(['Phone', 'Name', 'City'], shape, { marks: marksOf(shape), mapping: {} })
    expect(names(found, shape)).toEqual(['Phone', 'Name', 'City'])
  })

  it('of a column that the template no longer has leave it to its name', () => {
    const shape = aShape('Name')
    const marks = new Map([[0, 'cgone000']])
    expect(names(matchHeaders(['Name'], shape, { marks, mapping: {} }), shape)).toEqual(['Name'])
  })
})
