import { BadEnvironment, readConfig } from './config.ts'
import { UnusableDb } from './db/inspect.ts'
import { FolderInUse } from './instance-lock.ts'
import { log } from './log.ts'
import { type RunningServer, startServer } from './server.ts'
import { ensureOwner, setUpNeeded } from './services/accounts.ts'
import { createSetupCode } from './services/set-up-code.ts'

/** After this long a stop is no longer graceful; what was running is taken up at the next start all the same. */
const STOP_WITHIN_MS = 10_000
/** EX_DATAERR of sysexits.h: starting again will not help. */
const UNUSABLE_DATA = 65

/** Reads the environment, starts the server, says where it is, and stops it when the process is asked to. */
export async function start(): Promise<void> {
  const server = await startOrExplain()
  stopOnSignals(server)
  await ensureOwner(server.context)
  console.log(`Sheetport is running at ${server.url}`)
  if (setUpNeeded(server.context)) {
    console.log('\nNobody has an account yet. Make yours with this link, which works once and for an hour:\n')
    console.log(`  ${server.url}/set-up?code=${createSetupCode(server.context)}\n`)
  }
}

async function startOrExplain(): Promise<RunningServer> {
  try {
    return await startServer(readConfig(process.env))
  } catch (error) {
    console.error(explain(error))
    process.exit(error instanceof UnusableDb ? UNUSABLE_DATA : 1)
  }
}

/** What can go wrong before anything runs is told in words; only what nobody expected shows its inside. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'The port is taken by another program. Set PORT to a free one.'
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return `There is no room left on the disk of the data folder: ${error.message}. Free some space first.`
  }
  if (
    typeof code === 'string' &&
    /^(EACCES|EPERM|EROFS|ENOTDIR|SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM)/.test(code)
  ) {
    return `Not allowed: ${error.message}. Check the permissions of the data folder, and that PORT is above 1023.`
  }
  const expected = error instanceof FolderInUse || error instanceof BadEnvironment || error instanceof UnusableDb
  return expected ? error.message : (error.stack ?? error.message)
}

function stopOnSignals(server: RunningServer): void {
  let asked = false
  const stop = (signal: NodeJS.Signals) => {
    // Asked twice: somebody is in a hurry, and a crash is survived as well.
    if (asked) process.exit(1)
    asked = true
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    log('info', 'server.stopping', { signal })
    server.stop().then(
      () => process.exit(0),
      (error) => {
        log('error', 'server.stop_failed', { error })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('uncaughtException', (error) => {
    log('error', 'server.uncaught', { error })
    process.exit(1)
  })
}
