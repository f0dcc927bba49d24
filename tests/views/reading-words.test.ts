import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type OpenOptions, openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { textWords } from '../../src/views/reading-words.ts'
import { encodeText } from '../spreadsheets/csv/encode-text.ts'
import { tempFolder } from '../support/folder.ts'

/** How a file with this text was read, in words. */
async function wordsOf(text: string | Uint8Array, asSaid: OpenOptions = {}): Promise<string> {
  const file = path.join(tempFolder(), 'text.csv')
  writeFileSync(file, text)
  const spreadsheet = await openSpreadsheet(file, asSaid)
  spreadsheet.close()
  if (spreadsheet.dialect === undefined) throw new Error('this is no text')
  return textWords(spreadsheet.dialect)
}

test.each([
  ['of the usual quotes nothing', 'Id,Name\n1,"Rake, long"\n', 'text in UTF-8, separated by commas'],
  [
    'that the cells are quoted by apostrophes',
    "'Id'\t'Name'\n'1'\t'Rake'\n'2'\t'it''s a hose'\n",
    'text in UTF-8, separated by tabs, quoted by apostrophes',
  ],
  [
    'that a backslash keeps a quote in its cell',
    'Id,Name\n1,"pipe, 5\\" wide"\n2,"hose, 3\\" wide"\n',
    'text in UTF-8, separated by commas, with backslashes before quotes inside cells',
  ],
])('of a text is said %s', async (_, text, words) => {
  expect(await wordsOf(text)).toBe(words)
})

test('of a text is said that its quotation marks are text, where somebody said so', async () => {
  const words = await wordsOf('Id,Name\n1,"Rake\n2,Hose 5"\n', { quote: 'none' })
  expect(words).toBe('text in UTF-8, separated by commas, with quotation marks as part of the text')
})

test('of a text is said in which of the older encodings it is', async () => {
  const text = encodeText('id;товар;цена\n1;Молоко;50\n2;Хлеб;30\n', 'windows-1251')
  expect(await wordsOf(text)).toBe('text in Windows-1251, Cyrillic, separated by semicolons')
})
