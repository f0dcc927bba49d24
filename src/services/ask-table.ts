import { ProcessDied, WorkFailed } from '../processes/pool.ts'
import type { Answer, Task } from '../processes/protocol.ts'
import { type Context, Refusal } from './context.ts'

/** The code of a refusal because the process that was asked had to be ended. */
export const TOO_MUCH = 'too_much'

/**
 * Asks the desk about a template's table. Throws `Refusal`: 409 when an import is being applied to it and it stays
 * locked for too long, 422 when a search took too much. What the storage refuses is thrown as it came, for
 * `findStorageProblem`.
 */
export async function askTable<T extends Task>(context: Context, task: T): Promise<Answer<T['kind']>> {
  try {
    return await context.desk.run(task)
  } catch (error) {
    throw explain(error)
  }
}

function explain(error: unknown): unknown {
  if (error instanceof WorkFailed && error.code.startsWith('SQLITE_BUSY')) {
    return new Refusal(409, {
      code: 'table_busy',
      message: 'An import is being applied to this table.',
      hint: 'Try again in a moment.',
    })
  }
  if (error instanceof ProcessDied && (error.death === 'memory' || error.death === 'stalled')) {
    return new Refusal(422, {
      code: TOO_MUCH,
      message: 'This took more time or memory than one question may take, so it was stopped.',
      hint: 'Ask for less at once: a narrower search or filter.',
    })
  }
  if (error instanceof ProcessDied && error.death === 'unstarted') {
    return new Refusal(503, {
      code: 'no_process',
      message: 'The server could start no process for this, so it was not done.',
      hint: 'Try again in a moment.',
    })
  }
  return error
}
