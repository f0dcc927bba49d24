import { parseArgs } from 'node:util'
import { SUITES, type Suite } from './suites.ts'

export type Options = {
  sizes: number[]
  suites: Suite[]
  ours: boolean
  candidates: RegExp
  rounds: number
  save: boolean
}

export const USAGE = `npm run bench -- [options]
  --rows 10k,100k,1M   sizes (default 100k)
  --only SUITE,SUITE   of ${SUITES.join(', ')}
  --ours               only Sheetport
  --candidates REGEX   only the candidates whose name matches, for example 'Sheetport|exceljs'
  --rounds N           every candidate so many times (default 1; 3 with --full)
  --full               10k, 100k and 1M rows
  --save               also write the tables to bench/results.md`

/** Throws a sentence when an option is not understood; `undefined` when only the usage is asked for. */
export function readOptions(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string' },
      only: { type: 'string' },
      ours: { type: 'boolean', default: false },
      candidates: { type: 'string', default: '' },
      rounds: { type: 'string' },
      full: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    sizes: list(values.rows ?? (values.full ? '10k,100k,1M' : '100k')).map(toRows),
    suites: values.only === undefined ? [...SUITES] : list(values.only).map(toSuite),
    ours: values.ours,
    candidates: new RegExp(values.candidates),
    rounds: toCount(values.rounds ?? (values.full ? '3' : '1')),
    save: values.save,
  }
}

function list(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

function toRows(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([kM]?)$/i.exec(text) ?? []
  if (digits === undefined) throw new Error(`'${text}' is no number of rows; say for example 10k or 1M.`)
  return Number(digits) * ({ k: 1000, m: 1_000_000 }[unit.toLowerCase()] ?? 1)
}

function toSuite(text: string): Suite {
  const suite = SUITES.find((name) => name === text)
  if (suite === undefined) throw new Error(`There is no suite '${text}', only ${SUITES.join(', ')}.`)
  return suite
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`'${text}' is no number of rounds.`)
  return count
}
