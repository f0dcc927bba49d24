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
  if (missing !== undefined && broken !== undefined && BROKEN[broken].needs === 'power cuts') return 2
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  const started = performance.now()
  console.log(`seed ${options.seed}`)
  const outcome = await torture({
    ...options,
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
  if (failed) console.log(`Again: npm run torture -- --seed ${options.seed} --round ${outcome.rounds}`)
  return failed ? 1 : 0
}
