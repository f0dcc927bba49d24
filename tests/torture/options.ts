import { parseArgs } from 'node:util'
import { BROKEN, type Broken } from './broken.ts'

export type Options = {
  seed: string
  sweep: number
  kills: number
  powerCuts: number
  /** Only this round of the seed, to see a failure again. */
  round: number | undefined
  minutes: number
  broken: Broken | undefined
  keep: boolean
}

export const USAGE = `npm run torture -- [options]
  --sweep N         kill at the first N system calls of each kind that a job makes, one after another (default 20)
  --kills N         how many processes to kill at random instants (default 200)
  --power-cuts N    how many power cuts of a file system of its own, as root (default 20)
  --minutes N       begin no further round after this time (default 30)
  --seed TEXT       repeat a run: the same files, faults and delays
  --round N         only this round of the seed
  --broken NAME     a build with a known fault, which must be found: ${Object.keys(BROKEN).join(', ')}
  --keep            keep the data folder of a round that failed`

/** Throws a sentence when an option is not understood; `undefined` when only the usage is asked for. */
export function readOptions(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      sweep: { type: 'string', default: '20' },
      kills: { type: 'string', default: '200' },
      'power-cuts': { type: 'string', default: '20' },
      minutes: { type: 'string', default: '30' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      round: { type: 'string' },
      broken: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    seed: values.seed,
    sweep: toCount(values.sweep),
    kills: toCount(values.kills),
    powerCuts: toCount(values['power-cuts']),
    round: values.round === undefined ? undefined : toCount(values.round),
    minutes: toCount(values.minutes),
    broken: values.broken === undefined ? undefined : toBroken(values.broken),
    keep: values.keep,
  }
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 0) throw new Error(`'${text}' is no number.`)
  return count
}

function toBroken(text: string): Broken {
  const name = (Object.keys(BROKEN) as Broken[]).find((each) => each === text)
  if (name === undefined) throw new Error(`There is no broken build '${text}', only ${Object.keys(BROKEN).join(', ')}.`)
  return name
}
