import { canInject } from '../support/strace.ts'
import { BROKEN } from './broken.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { PowerDisk } from './power-disk.ts'
import { summary, torture } from './torture.ts'

const options = readOptions(process.argv.slice(2))
if (options === undefined) console.log(USAGE)
else process.exitCode = await run(options)

async function run(options: Options): Promise<number> {
  const { broken } = options
  const missing = options.powerCuts > 0 ? PowerDisk.missing() : undefined
  if (missing !== undefined) console.error(`No power cuts: ${missing}.`)
  const blind = options.sweep > 0 && !canInject()
  if (blind) console.error('No sweep and no kills at system calls: strace is not installed.')
  if (blind && broken !== undefined && BROKEN[broken].needs === 'a sweep') return 2
  if (missing !== undefined && broken !== undefined && BROKEN[broken].needs === 'power cuts') return 2
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  const started = performance.now()
  console.log(`seed ${options.seed}`)
  const outcome = await torture({
    ...options,
    // What only a lost page cache shows, no sweep can find.
    sweep: blind || (broken !== undefined && BROKEN[broken].needs === 'power cuts') ? 0 : options.sweep,
    powerCuts: missing === undefined ? options.powerCuts : 0,
    report: (line) => console.log(line),
    signal: interrupted.signal,
  })
  for (const each of outcome.found) console.error(each)
  console.log(`\n${summary(outcome)} in ${Math.round((performance.now() - started) / 1000)} s (seed ${options.seed})`)
  const failed = outcome.found.length > 0
  if (broken !== undefined) {
    console.log(failed ? `The broken build '${broken}' was found.` : `The broken build '${broken}' was NOT found.`)
    return failed ? 0 : 1
  }
  if (failed && outcome.rounds > 0) {
    console.log(`Again: npm run torture -- --seed ${options.seed} --round ${outcome.rounds}`)
  }
  return failed ? 1 : 0
}
