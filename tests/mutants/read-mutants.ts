import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fixture, KINDS } from './mutant.ts'
import { judge, readSheets, type Sheets } from './verdict.ts'

/**
 * The process that reads mutants, so that none of them can take more than it down. It is told a kind and seeds, and
 * says of each that it begins and what became of it.
 */

async function main([kind = '', ...seeds]: string[]): Promise<void> {
  const make = kind === 'scrambled' ? KINDS.scrambled : KINDS.damaged
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-mutants-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const wholes = new Map<string, Sheets>()
  for (const seed of seeds.map(Number)) {
    const mutant = make(seed)
    const whole = wholes.get(mutant.file) ?? (await readWhole(mutant.file, folder))
    wholes.set(mutant.file, whole)
    const file = path.join(folder, `mutant${path.extname(mutant.file)}`)
    writeFileSync(file, mutant.bytes)
    process.send?.({ begins: seed })
    process.send?.({ seed, ...(await judge(file, whole)) })
  }
  process.disconnect()
}

async function readWhole(name: string, folder: string): Promise<Sheets> {
  const file = path.join(folder, name)
  writeFileSync(file, fixture(name))
  return readSheets(file)
}

await main(process.argv.slice(2))
