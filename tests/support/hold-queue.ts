import type { RunningServer } from '../../src/server.ts'

/** Keeps new jobs pending until they are let go: the queue is not told of them. Nothing else may run meanwhile. */
export function holdQueue({ context: { events } }: RunningServer): { letGo(): void } {
  const listeners = events.listeners('job.enqueued') as (() => void)[]
  events.removeAllListeners('job.enqueued')
  return {
    letGo() {
      for (const listener of listeners) events.on('job.enqueued', listener)
      events.emit('job.enqueued', { jobId: '', templateId: '', teamId: '' })
    },
  }
}
