import { parseArgs } from 'node:util'
import { SUITES, type Suite } from './suites.ts'

export type Options = {
  sizes: number[]
  suites: Suite[]
  ours: boolean
  candidates: RegExp
  rounds: number
  save: boolean
  /** A run that says everything, within a time. */
  full: boolean
  minutes: number
  /** Only make the files. */
  data: boolean
}

export const USAGE = `npm run bench -- [options]
  --rows 10k,100k,1M   sizes (default 100k)
  --only SUITE,SUITE   of ${SUITES.join(', ')}
  --ours               only Sheetport
  --candidates REGEX   only the candidates whose name matches, for example 'Sheetport|exceljs'
  --rounds N           every candidate so many times (default 1; 3 with --full)
  --full               10k, 100k and 1M rows, and 3M through a running server
  --minutes N          begin nothing more after so long (default: no limit; 25 with --full)
  --save               also write the tables to bench/results.md, as they come
  --data               only make the files that are measured, so that a run begins at once`

/** The order of a full run: what answers a goal comes first, in case the time is up. */
const FULL = '100k,1M,10k'
const FULL_MINUTES = '25'

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
      minutes: { type: 'string' },
      save: { type: 'boolean', default: false },
      data: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    sizes: list(values.rows ?? (values.full ? FULL : '100k')).map(toRows),
    suites: values.only === undefined ? [...SUITES] : list(values.only).map(toSuite),
    ours: values.ours,
    candidates: new RegExp(values.candidates),
    rounds: toCount(values.rounds ?? (values.full ? '3' : '1')),
    save: values.save,
    full: values.full,
    minutes: toMinutes(values.minutes ?? (values.full ? FULL_MINUTES : undefined)),
    data: values.data,
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

function toMinutes(text: string | undefined): number {
  const minutes = Number(text ?? Number.POSITIVE_INFINITY)
  if (!(minutes > 0)) throw new Error(`'${text}' is no number of minutes.`)
  return minutes
}
