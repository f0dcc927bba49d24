import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCells, tempFolder } from '../files.ts'

const folder = tempFolder()

const QUOTINGS = {
  'doubled quotes': (cell: string) => `"${cell.replaceAll('"', '""')}"`,
  'quotes after backslashes': (cell: string) => `"${cell.replaceAll('"', '\\"')}"`,
  apostrophes: (cell: string) => `'${cell.replaceAll("'", "''")}'`,
}

const word = fc.constantFrom(
  'Bolt',
  'two words',
  '1,5',
  'a;b',
  'x|y',
  'tab\there',
  'two\nlines',
  '42',
  'Doe, Jane',
  'é',
)
const table = fc.array(fc.array(word, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 10 })

for (const [name, quoted] of Object.entries(QUOTINGS)) {
  it(`a table with every cell in ${name} is read as it was, with any delimiter`, async () => {
    const delimiter = fc.constantFrom(',', ';', '\t', '|', ', ', '; ', '||', '::')
    await fc.assert(
      fc.asyncProperty(table, delimiter, fc.constantFrom('\n', '\r\n', '\r'), async (rows, between, end) => {
        const speech = name === 'apostrophes' ? ["it's", "the boys'", 'x'] : ['say "hi"', '"', 'the 5" one']
        const all = [['Name', 'Note', 'Kind'], ...rows, speech]
        const text = all.map((cells) => cells.map(quoted).join(between) + end).join('')
        expect(await readCells(folder.write('any.csv', text))).toEqual(all)
      }),
      { numRuns: 150 },
    )
  })
}

it('a table without quotes is read as it was, in whichever columns its numbers have decimal commas', async () => {
  const delimiter = fc.constantFrom(';', '\t', '|', '||', '::')
  const cell = fc.constantFrom('Bolt', 'two words', '1,5', '-2.000,25', '42', 'Doe, Jane', 'é', '2024-01-31')
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(rows, delimiter, async (cells, between) => {
      const all = [['Name', 'Note', 'Kind'], ...cells]
      const path = folder.write('plain.csv', `${all.map((row) => row.join(between)).join('\n')}\n`)
      expect(await readCells(path)).toEqual(all)
    }),
    { numRuns: 200 },
  )
})
