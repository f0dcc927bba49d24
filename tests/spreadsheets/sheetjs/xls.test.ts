import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FIXTURES, readAll, readCells, refusalOf, refusedOrSame, tempFolder } from '../files.ts'

const folder = tempFolder()
const whole = readFileSync(join(FIXTURES, 'type-me.xls'))

describe('an XLS', () => {
  it('that is larger than what is read whole is refused at once, with the way out', async () => {
    const path = folder.write('large.xls', whole)
    truncateSync(path, 65 * 1024 * 1024)
    const { code, message, hint } = await refusalOf(() => readCells(path))
    expect({ code, message, hint }).toEqual({
      code: 'too_large',
      message: 'This XLS file has 65 MB; files of this kind are read up to 64 MB.',
      hint: 'Save it as XLSX and upload it again.',
    })
  })

  it('that is cut off anywhere is refused', async () => {
    for (let percent = 1; percent < 100; percent += 7) {
      const path = folder.write('cut.xls', whole.subarray(0, Math.floor((whole.length * percent) / 100)))
      expect((await refusalOf(() => readCells(path))).code, `${percent} %`).toBe('damaged')
    }
  })

  it('that has lost 4 KB anywhere is refused, unless nothing that is read was there', async () => {
    const sameRows = await readAll(join(FIXTURES, 'example1.xls'))
    const good = readFileSync(join(FIXTURES, 'example1.xls'))
    let refused = 0
    for (let at = 0; at < good.length; at += 1536) {
      const bytes = Buffer.from(good)
      bytes.fill(0, at, Math.min(at + 4096, bytes.length))
      if (at === 0) bytes.set(good.subarray(0, 512))
      if ((await refusedOrSame(folder.write('lost.xls', bytes), sameRows)) === 'refused') refused += 1
    }
    expect(refused).toBeGreaterThan(15)
  })

  it('that has a sheet which its list of sheets does not name is refused', async () => {
    const bytes = Buffer.from(whole)
    expect((await readAll(folder.write('named.xls', bytes))).size).toBe(4)
    // A flipped bit makes the last entry of the list another record.
    bytes[12_711] = (bytes[12_711] ?? 0) ^ 0x40
    expect((await refusalOf(() => readCells(folder.write('unnamed.xls', bytes)))).message).toMatch(/sheets are missing/)
  })

  it('that has lost a stretch of its texts is refused, though every record is there', async () => {
    const bytes = Buffer.from(readFileSync(join(FIXTURES, 'example1.xls')))
    bytes.fill(0, 12_406, 12_406 + 512)
    expect((await refusalOf(() => readCells(folder.write('texts.xls', bytes)))).message).toMatch(/^Texts .* lost/)
  })

  it('in which a record swallows those behind it is refused, wherever its length was damaged', async () => {
    const good = readFileSync(join(FIXTURES, 'example1.xls'))
    // The high byte of the length of a LabelSst record: 20 rows, and 4, would be missing without a word.
    for (const [at, bit] of [
      [24_921, 0x04],
      [25_457, 0x02],
    ] as const) {
      const bytes = Buffer.from(good)
      bytes[at] = (bytes[at] ?? 0) ^ bit
      const { message } = await refusalOf(() => readCells(folder.write('swallowed.xls', bytes)))
      expect(message).toMatch(/longer than its kind may be/)
    }
  })

  it('whose sectors run in a circle is refused', async () => {
    const bytes = Buffer.from(whole)
    const fat = (bytes.readUInt32LE(76) + 1) * 512
    const directory = bytes.readUInt32LE(48)
    bytes.writeUInt32LE(directory, fat + directory * 4)
    const path = folder.write('circle.xls', bytes)
    expect((await refusalOf(() => readCells(path))).message).toMatch(/allocation table/)
  })

  it('of Excel 5 keeps the letters of its code page', async () => {
    const bytes = readFileSync(join(FIXTURES, 'biff5.xls'))
    for (let at = bytes.indexOf('you doing'); at >= 0; at = bytes.indexOf('you doing', at)) {
      // In this file's code page, that of the Macintosh, these are ä and ≤.
      bytes.set([0x8a, 0xb2], at)
    }
    const path = folder.write('letters.xls', bytes)
    expect((await readCells(path)).flat()).toContain('ä≤u doing')
  })
})
