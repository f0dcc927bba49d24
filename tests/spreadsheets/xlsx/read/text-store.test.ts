import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TextStore } from '../../../../src/spreadsheets/xlsx/read/text-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'texts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const KB = 1024
const TEXTS = Array.from({ length: 40_000 }, (_, at) => `ä${'x'.repeat((at * 7919) % 301)}${at}`)
TEXTS[777] = 'long'.repeat(600_000)
TEXTS[39_000] = 'late'.repeat(600_000)

it.each([0, 100 * KB, 128 * KB, 1000 * KB, 100_000 * KB])(
  'texts are the same wherever they fall, in the order they came and in any other, with %d bytes of memory',
  (memoryBytes) => {
    const store = new TextStore(join(folder, 'book.xlsx'), memoryBytes)
    const stops = TEXTS.map((text) => {
      store.add(Buffer.from(text), 0, Buffer.byteLength(text))
      return store.size
    })
    const read = (at: number) => store.text(stops[at - 1] ?? 0, stops[at] ?? 0)
    expect(TEXTS.every((text, at) => read(at) === text)).toBe(true)
    expect(TEXTS.every((_, k) => read((k * 7919) % 40_000) === TEXTS[(k * 7919) % 40_000])).toBe(true)
    expect(readdirSync(folder)).toEqual([])
    store.close()
  },
)

it('texts may be asked for while others still come', () => {
  const store = new TextStore(join(folder, 'book.xlsx'), 0)
  const bytes = Buffer.from('0123456789')
  for (let at = 0; at < 60_000; at += 1) {
    store.add(bytes, 0, 10)
    if (at % 1000 === 0) expect(store.text(at * 10, at * 10 + 10)).toBe('0123456789')
  }
  expect(store.text(131_065, 131_075)).toBe('5678901234')
  store.close()
})
