import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { RunningServer } from './running-server.ts'

/** The end of a job, on the scale of its percents. */
const ENDED = 100

/**
 * How long after a state of a job was written down the socket showed it, or a later one. A state is a new percent of the
 * bar, or the end; the API says when it was written, by the clock of the same machine.
 */
export class PushWatch {
  readonly #socket: WebSocket
  readonly #written = new Map<number, number>()
  readonly #shown: { percent: number; at: number }[] = []

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.#read(String(data)))
  }

  static async open({ url, cookie }: RunningServer, jobId: string): Promise<PushWatch> {
    const address = `${url.replace('http', 'ws')}/live?topic=${encodeURIComponent(`job:${jobId}`)}`
    const socket = new WebSocket(address, { headers: { Cookie: cookie, Origin: url } })
    const watch = new PushWatch(socket)
    await once(socket, 'open')
    return watch
  }

  /** The API has said this; the first time counts. */
  written({ percent, at }: { percent: number; at: string }): void {
    if (!this.#written.has(percent)) this.#written.set(percent, Date.parse(at))
  }

  ended(at: string): void {
    this.written({ percent: ENDED, at })
  }

  get endShown(): boolean {
    return this.#shown.at(-1)?.percent === ENDED
  }

  /** Ends the watch; the delay of each state that was written, in milliseconds. */
  close(): number[] {
    this.#socket.close()
    const opened = this.#shown[0]?.percent ?? 0
    return [...this.#written].flatMap(([percent, written]) => {
      const shown = this.#shown.find((each) => each.percent >= percent)
      // What stood on the page when the socket was opened was written before.
      return shown === undefined || percent <= opened ? [] : [Math.max(0, shown.at - written)]
    })
  }

  #read(html: string): void {
    if (!html.includes('job')) return
    const value = /<progress[^>]*\svalue="(\d+)"/.exec(html)?.[1]
    if (value !== undefined) this.#shown.push({ percent: Number(value), at: Date.now() })
    else if (html.includes('Completed')) this.#shown.push({ percent: ENDED, at: Date.now() })
  }
}
