import { Worker } from 'node:worker_threads'

/** Runs in a thread of its own, as text, so that it needs no loader and hardly any memory. */
const WATCH = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL')
  }, 500)`

/** Ends this process soon after its parent is gone, also when its own thread is in a loop and hears nothing of that. */
export function endWithParent(parent: number): void {
  const limits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 }
  new Worker(WATCH, { eval: true, workerData: { parent }, resourceLimits: limits }).unref()
}
