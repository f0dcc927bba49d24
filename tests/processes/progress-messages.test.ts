import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProgressMessages } from '../../src/processes/progress-messages.ts'
import { NO_COUNTS, type Progress } from '../../src/tables/progress.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const at = (phase: Progress['phase'], rowsDone: number): Progress => ({
  ...{ phase, rowsDone, rowsTotal: null, fraction: 0.5, groupsDone: 0, groupsTotal: null, counts: NO_COUNTS },
})

function collect() {
  const sent: number[] = []
  const messages = new ProgressMessages(({ rowsDone }) => sent.push(rowsDone))
  return { sent, messages }
}

test('a new phase is told at once, because one long statement may follow', () => {
  const { sent, messages } = collect()
  messages.add(at('reading', 1))
  messages.add(at('comparing', 2))
  messages.add(at('applying', 3))
  expect(sent).toEqual([1, 2, 3])
})

test('within a phase it is told ten times a second at most, each time the newest', () => {
  const { sent, messages } = collect()
  for (let n = 1; n <= 30; n++) {
    messages.add(at('reading', n))
    vi.advanceTimersByTime(10)
  }
  expect(sent).toEqual([1, 11, 21])
})

test('the last of it is told at the end, and nothing twice', () => {
  const { sent, messages } = collect()
  messages.add(at('reading', 1))
  messages.add(at('reading', 2))
  messages.flush()
  messages.flush()
  expect(sent).toEqual([1, 2])
})
