import { afterEach, expect, test, vi } from 'vitest'
import { forgetThread, isThreadSilent, noteSign } from '../src/thread-signs.ts'

afterEach(() => void vi.useRealTimers())

test('a thread that was not heard for a while is silent, until it is heard again or nobody waits for it', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const [one, other] = [{}, {}]
  expect(isThreadSilent()).toBe(false)
  noteSign(one)
  noteSign(other)
  vi.advanceTimersByTime(4000)
  noteSign(other)
  expect(isThreadSilent()).toBe(false)
  vi.advanceTimersByTime(2000)
  expect(isThreadSilent()).toBe(true)
  noteSign(one)
  expect(isThreadSilent()).toBe(false)
  vi.advanceTimersByTime(6000)
  expect(isThreadSilent()).toBe(true)
  forgetThread(one)
  forgetThread(other)
  expect(isThreadSilent()).toBe(false)
})
