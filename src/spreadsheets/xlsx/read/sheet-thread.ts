import { on } from 'node:events'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { forgetThread, noteSign } from '../../../thread-signs.ts'
import type { ToldError } from '../../../told-error.ts'
import { SpreadsheetError, type Unreadable } from '../../spreadsheet.ts'
import type { XlsxSheet } from './workbook-part.ts'
import type { Load, XlsxOptions } from './xlsx-file.ts'

export type ThreadData = { path: string; options: XlsxOptions }
/** Asks for the rows of a sheet, which come by the port. Closing it says that no more of them are wanted. */
export type SheetAsked = { sheet: string; port: MessagePort }
/** Loads, each answered by `USED` once it is; then how it ended. */
export type FromSheet = { load: Load } | { error: SheetError } | 'end'
export const USED = 'used'
/** Only a SpreadsheetError has a hint. */
type SheetError = ToldError & { hint: string | null }

/** A thread that scans the sheets of a workbook while this one makes something of their rows. */
export class SheetThread {
  readonly #worker: Worker
  readonly #gone = new AbortController()

  constructor(data: ThreadData) {
    this.#worker = new Worker(new URL('./scan-in-thread.ts', import.meta.url), { workerData: data })
    this.#worker.on('message', () => noteSign(this))
    this.#worker.on('error', (error) => this.#gone.abort(error))
    noteSign(this)
  }

  /** As `Xlsx.loads`. */
  async *loads(sheet: XlsxSheet): AsyncGenerator<Load> {
    const { port1: port, port2 } = new MessageChannel()
    const asked: SheetAsked = { sheet: sheet.name, port: port2 }
    this.#worker.postMessage(asked, [port2])
    try {
      for await (const [message] of this.#messages(port)) {
        if (message === 'end') return
        if ('error' in message) throw toError(message.error)
        yield message.load
        port.postMessage(USED)
      }
    } finally {
      port.close()
    }
  }

  close(): void {
    forgetThread(this)
    void this.#worker.terminate()
  }

  async *#messages(port: MessagePort): AsyncGenerator<[FromSheet]> {
    const { signal } = this.#gone
    try {
      yield* on(port, 'message', { signal }) as AsyncIterable<[FromSheet]>
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    }
  }
}

function toError({ message, code, stack, hint }: SheetError): Error {
  if (hint !== null) return new SpreadsheetError(code as Unreadable, message, hint)
  return Object.assign(new Error(message), { code, stack })
}
