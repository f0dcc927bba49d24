import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** Where it is, it starts a program that the kernel kills when its parent is gone. It is part of util-linux. */
const SETPRIV = '/usr/bin/setpriv'
const KILLED_WITH_PARENT = ['--pdeathsig', 'KILL', '--']

/** With what a program ends that was to start another and can't: it is there and may not be run, or it is not there. */
export const NEVER_BEGAN: ReadonlySet<number> = new Set([126, 127])

let isBound: boolean | undefined

/**
 * How a process is started that ends with this one, whatever loop it is in: by which program with which arguments, and,
 * where the kernel doesn't see to it, what tells `endWithParent` to.
 */
export function boundToThisProcess(): { execPath: string; execArgv: string[]; args: string[] } {
  isBound ??= existsSync(SETPRIV) && spawnSync(SETPRIV, [...KILLED_WITH_PARENT, SETPRIV, '--version']).status === 0
  return isBound
    ? { execPath: SETPRIV, execArgv: [...KILLED_WITH_PARENT, process.execPath], args: [] }
    : { execPath: process.execPath, execArgv: [], args: [WATCHES] }
}

/** Said to a process that has to watch by itself. */
export const WATCHES = 'watches-its-parent'

/** Runs in a thread of its own, as text, so that it needs no loader. */
const WATCH = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL')
  }, 500)`

/**
 * In a process that was started as `boundToThisProcess` says: ends it soon after its parent is gone, also when its own
 * thread is in a loop and hears nothing of that. The thread that does so is a good part of the start of a process, so there
 * is none where the kernel does it.
 */
export function endWithParent(parent: number): void {
  if (!process.argv.includes(WATCHES)) return
  const limits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 }
  new Worker(WATCH, { eval: true, workerData: { parent }, resourceLimits: limits }).unref()
}
