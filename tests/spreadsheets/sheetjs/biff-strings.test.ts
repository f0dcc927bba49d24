import { expect, test } from 'vitest'
import { checkStrings } from '../../../src/spreadsheets/sheetjs/biff-strings.ts'

const RECORD = 8224

/** The texts as Excel lays them out: where characters go on in the next record, it says anew how wide they are. */
function tableOf(texts: string[], room = RECORD): Buffer[] {
  const pieces: number[][] = [[...number(texts.length, 4), ...number(texts.length, 4)]]
  const last = () => pieces.at(-1) ?? []
  for (const text of texts) {
    if (last().length + 3 > room) pieces.push([])
    const wide = [...text].some((letter) => letter.charCodeAt(0) > 255) ? 1 : 0
    last().push(...number(text.length, 2), wide)
    for (let at = 0; at < text.length; at += 1) {
      if (last().length + 1 + wide > room) pieces.push([wide])
      last().push(...number(text.charCodeAt(at), 1 + wide))
    }
  }
  return pieces.map((piece) => Buffer.from(piece))
}

function number(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256)
}

const TEXTS = Array.from({ length: 400 }, (_, at) => `${'電池 and '.repeat(at % 7)}${'grün '.repeat(at % 11)}${at}`)

test('texts of every width that go on from record to record fill their table', () => {
  for (const room of [RECORD, 500, 101, 16]) {
    const pieces = tableOf(TEXTS, room)
    expect(pieces.length).toBeGreaterThan(0)
    expect(() => checkStrings(pieces)).not.toThrow()
  }
  expect(tableOf(TEXTS, 101).length).toBeGreaterThan(50)
})

test('zeros behind the last text are no loss', () => {
  expect(() => checkStrings([...tableOf(TEXTS), Buffer.alloc(64)])).not.toThrow()
})

test('texts of which a stretch was lost are refused', () => {
  const [piece = Buffer.alloc(0)] = tableOf(TEXTS.slice(0, 200))
  for (const from of [100, 700, 1500]) {
    const lost = Buffer.from(piece)
    lost.fill(0, from, from + 512)
    expect(() => checkStrings([lost]), `${from}`).toThrow('Texts of this workbook have been lost.')
  }
})
