import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { boundToThisProcess, endWithParent, WATCHES } from '../../src/processes/parent-watch.ts'

// `kernel` or `thread` says by what its child, which loops for ever, is to end with it; `loop` is that child.
const [role] = process.argv.slice(2)
if (role === 'loop') {
  endWithParent(process.ppid)
  // The watch is another thread, which begins when this one pauses.
  setTimeout(() => {
    process.send?.('loops')
    for (;;);
  }, 500)
} else {
  const byThread = { execPath: process.execPath, execArgv: [], args: [WATCHES] }
  const { args, ...bound } = role === 'thread' ? byThread : boundToThisProcess()
  const child = fork(fileURLToPath(import.meta.url), ['loop', ...args], bound)
  child.on('message', () => console.log(`${child.pid} ${args.length === 0 ? 'kernel' : 'thread'}`))
}
