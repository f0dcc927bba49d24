import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { JobProgress } from '../../src/db/running-jobs.ts'
import { ProgressMeter } from '../../src/jobs/progress.ts'
import { NO_COUNTS, type Progress } from '../../src/tables/progress.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const ROWS = 100_000
const NEW = { elapsedMs: 0, percent: null }

function at(rowsDone: number, phase: Progress['phase'] = 'reading'): Progress {
  return {
    phase,
    rowsDone,
    rowsTotal: ROWS,
    fraction: rowsDone / ROWS,
    groupsDone: 0,
    groupsTotal: null,
    counts: NO_COUNTS,
  }
}

/** Reports ten times a second from `rows` on, so many rows a second; answers how far it got and what was said last. */
function work(meter: ProgressMeter, { rows, rate, ms }: { rows: number; rate: number; ms: number }) {
  let said: JobProgress = meter.measure(at(rows))
  let done = rows
  for (let passed = 0; passed < ms; passed += 100) {
    vi.advanceTimersByTime(100)
    done += rate / 10
    said = meter.measure(at(done))
  }
  return { done, said }
}

/** The remaining time that was said, as a share of what it is in truth. */
function shareOfTruth({ done, said }: ReturnType<typeof work>, rate: number): number {
  return (said.etaMs ?? 0) / (((ROWS - done) / rate) * 1000)
}

test('work at a steady rate is told its speed and, within a tenth, its remaining time', () => {
  const meter = new ProgressMeter({ phased: false, before: NEW })
  const first = work(meter, { rows: 0, rate: 1000, ms: 1500 })
  expect(first.said).toMatchObject({ speed: 1000, etaMs: null })
  for (let seconds = 0, { done } = first; seconds < 60; seconds += 10) {
    const next = work(meter, { rows: done, rate: 1000, ms: 10_000 })
    done = next.done
    expect(next.said.speed).toBe(1000)
    expect(shareOfTruth(next, 1000)).toBeGreaterThan(0.9)
    expect(shareOfTruth(next, 1000)).toBeLessThan(1.1)
  }
})

test('work that slows down to half its speed is told the new remaining time within five seconds', () => {
  const meter = new ProgressMeter({ phased: false, before: NEW })
  const { done } = work(meter, { rows: 0, rate: 1000, ms: 20_000 })
  const slower = work(meter, { rows: done, rate: 500, ms: 5000 })
  expect(slower.said.speed).toBe(500)
  expect(shareOfTruth(slower, 500)).toBeGreaterThan(0.9)
  expect(shareOfTruth(slower, 500)).toBeLessThan(1.1)
})

test('of work that gets no further, or is not known how far it is, nobody says how long it takes', () => {
  const meter = new ProgressMeter({ phased: false, before: NEW })
  const { done, said } = work(meter, { rows: 0, rate: 1000, ms: 10_000 })
  expect(said.etaMs).not.toBeNull()
  expect(work(meter, { rows: done, rate: 0, ms: 6000 }).said).toMatchObject({ speed: 0, etaMs: null, percent: 10 })
  expect(meter.measure({ ...at(done), fraction: null })).toMatchObject({ etaMs: null, percent: null })
})

test('a bar never runs back, neither when reading begins anew after a crash nor between the phases', () => {
  const meter = new ProgressMeter({ phased: true, before: { elapsedMs: 30_000, percent: 40 } })
  const percents: number[] = []
  for (const phase of ['reading', 'comparing', 'applying'] as const) {
    for (let rows = 0; rows <= ROWS; rows += ROWS / 20) {
      vi.advanceTimersByTime(100)
      percents.push(meter.measure(at(rows, phase)).percent ?? -1)
    }
  }
  percents.push(meter.measure(at(0)).percent ?? -1)
  expect(percents[0]).toBe(40)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(percents.at(-1)).toBe(99)
  expect(meter.elapsedMs).toBe(36_300)
})
