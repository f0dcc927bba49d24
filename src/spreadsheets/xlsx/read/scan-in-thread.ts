import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { SIGN_OF_LIFE_MS } from '../../../thread-signs.ts'
import { toldError } from '../../../told-error.ts'
import { SpreadsheetError } from '../../spreadsheet.ts'
import type { PackedRows } from './packed-rows.ts'
import type { FromSheet, SheetAsked, ThreadData } from './sheet-thread.ts'
import { type Load, Xlsx } from './xlsx-file.ts'

/** The other side of `SheetThread`: what runs in the thread. */

/** So many loads may be on their way: enough that neither thread waits for the other, few enough to stay flat. */
const LOADS_AHEAD = 4

const { path, options } = workerData as ThreadData
// Whoever asks for rows is told of an error; there may be nobody yet.
const opened = Xlsx.open(path, options)
opened.catch(() => {})

parentPort?.on('message', ({ sheet, port }: SheetAsked) => void sendLoads(sheet, port))
setInterval(() => parentPort?.postMessage('alive'), SIGN_OF_LIFE_MS)

async function sendLoads(name: string, port: MessagePort): Promise<void> {
  const outlet = new Outlet(port)
  try {
    const xlsx = await opened
    const sheet = xlsx.workbook.sheets.find((each) => each.name === name)
    if (sheet === undefined) throw new Error(`the workbook has no sheet ${name} any more`)
    for await (const load of xlsx.loads(sheet)) {
      outlet.send(load)
      if (!(await outlet.hasRoom())) return
    }
    outlet.end('end')
  } catch (error) {
    outlet.end({ error: { ...toldError(error), hint: error instanceof SpreadsheetError ? error.hint : null } })
  }
}

/** Where the loads of one sheet go, no faster than they are used. */
class Outlet {
  readonly #port: MessagePort
  #ahead = 0
  #isClosed = false
  #wake = () => {}

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', () => {
      this.#ahead -= 1
      this.#wake()
    })
    port.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  send({ packed, ...progress }: Load): void {
    const own = copied(packed)
    const message: FromSheet = { load: { packed: own, ...progress } }
    this.#ahead += 1
    this.#port.postMessage(message, buffersOf(own))
  }

  /** Waits until the next load may be sent. False when no more are wanted. */
  async hasRoom(): Promise<boolean> {
    while (this.#ahead >= LOADS_AHEAD && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return !this.#isClosed
  }

  end(message: Exclude<FromSheet, { load: unknown }>): void {
    this.#port.postMessage(message)
  }
}

/** The scanner uses its arrays again; these are given away. */
function copied({ rows, cells, numbers, styles, ascii, texts, lengths }: PackedRows): PackedRows {
  return {
    ...{ rows: rows.slice(), cells: cells.slice(), numbers: numbers.slice(), styles: styles.slice() },
    ...{ ascii: new Uint8Array(ascii), texts, lengths: lengths.slice() },
  }
}

function buffersOf(packed: PackedRows): ArrayBuffer[] {
  return Object.values(packed).flatMap((each) => (typeof each === 'string' ? [] : [each.buffer]))
}
