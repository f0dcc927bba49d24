import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DATA_FOLDER } from './data-files.ts'
import { judgeGoals } from './goals.ts'
import { installPeers } from './install-peers.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { goalsTable, heading } from './report.ts'
import { Session } from './session.ts'
import { runSize } from './sizes.ts'

/** `npm run bench`: Sheetport beside the libraries that do parts of its work. README.md tells the method. */

const WORK = path.join(DATA_FOLDER, `work-${process.pid}`)

async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return console.log(USAGE)
  installPeers()
  removeAtExit(WORK)
  const session = new Session(options)
  announce(options)
  for (const rows of options.sizes) await runSize(rows, { folder: workFolder(rows), options, session })
  if (options.data) return
  console.log(`## Goals\n\n${goalsTable(judgeGoals(session.findings))}`)
  for (const note of session.notes) console.log(`left out: ${note}`)
}

function announce(options: Options): void {
  console.log(heading(options))
  const { full, minutes, data } = options
  if (!full || data) return
  console.error(`This takes ${minutes} minutes at most on two quiet cores, and some more to make data that is missing.`)
}

function workFolder(rows: number): string {
  const folder = path.join(WORK, String(rows))
  mkdirSync(folder, { recursive: true })
  return folder
}

function removeAtExit(folder: string): void {
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
