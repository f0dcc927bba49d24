import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { Hub } from '../../src/live/hub.ts'
import { parseTopic, type Topic } from '../../src/live/topics.ts'
import type { Watcher } from '../../src/live/watcher.ts'

const ana = { user: { id: 'ana', name: 'Ana', email: 'ana@example.org' }, team: { id: 'north', name: 'Northwind' } }
const ben = { user: { id: 'ben', name: 'Ben', email: 'ben@example.org' }, team: { id: 'north', name: 'Northwind' } }

let hub: Hub
afterEach(() => hub.stop())

function topicOf(name: string): Topic {
  const topic = parseTopic(name)
  if (topic === undefined) throw new Error(`no topic: ${name}`)
  return topic
}

/** When a session is over, as far as is known; undefined when it is. */
type End = { until: number | undefined }
const NEVER: End = { until: Number.POSITIVE_INFINITY }

class RecordedSocket {
  pings = 0
  bufferedAmount = 0
  readonly heard: string[] = []
  readonly ended: (number | 'terminated')[] = []
  send(data: string) {
    this.heard.push(data)
  }
  close(code: number) {
    this.ended.push(code)
  }
  ping() {
    this.pings += 1
  }
  terminate() {
    this.ended.push('terminated')
  }
}

function watch(
  topics: string[],
  { member = ana, tokenHash = 'session', end = NEVER } = {},
): RecordedSocket & { watcher: Watcher } {
  const socket = new RecordedSocket()
  const lookAgain = () => end.until
  const watcher = { member, tokenHash, topics: topics.map(topicOf), socket, until: end.until ?? 0, lookAgain }
  hub.open(watcher)
  return Object.assign(socket, { watcher })
}

test('a socket that opens is sent the current state of every topic', async () => {
  hub = new Hub(async (topic) => `state of ${topic.name}`)
  const socket = watch(['notices', 'job:1'])
  await vi.waitFor(() => expect(socket.heard).toEqual(['state of notices', 'state of job:1']))
})

/** Renders another state each time. */
function counting(): (topic: Topic) => Promise<string> {
  let state = 0
  return async ({ name }) => `${name} ${++state}`
}

test('a change is pushed to those who watch the topic and to nobody else', async () => {
  let state = 1
  hub = new Hub(async (topic) => `${topic.name} ${state}`)
  const watching = watch(['job:1'])
  const elsewhere = watch(['job:2'])
  await vi.waitFor(() => expect(watching.heard).toEqual(['job:1 1']))
  state = 2
  hub.changed((topic) => topic.name === 'job:1')
  await vi.waitFor(() => expect(watching.heard).toEqual(['job:1 1', 'job:1 2']))
  expect(elsewhere.heard).toEqual(['job:2 1'])
})

test('many changes at once are pushed at most ten times a second, and the last state always goes out', async () => {
  let state = 0
  hub = new Hub(async () => String(state))
  const socket = watch(['job:1'])
  await vi.waitFor(() => expect(socket.heard).toEqual(['0']))
  const started = performance.now()
  for (state = 1; state <= 400; state += 1) {
    hub.changed(() => true)
    if (state % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 25))
  }
  state = 400
  hub.changed(() => true)
  await vi.waitFor(() => expect(socket.heard.at(-1)).toBe('400'))
  const tenths = Math.ceil((performance.now() - started) / 100)
  expect(socket.heard.length).toBeGreaterThan(2)
  expect(socket.heard.length).toBeLessThanOrEqual(tenths + 2)
})

test('a state that looks as before is sent to nobody but who has not got it', async () => {
  let [state, rendered] = ['waits', 0]
  hub = new Hub(async () => {
    rendered += 1
    return state
  })
  const first = watch(['job:1'])
  await vi.waitFor(() => expect(first.heard).toEqual(['waits']))
  state = 'runs'
  const second = watch(['job:1'])
  await vi.waitFor(() => expect(second.heard).toEqual(['runs']))
  state = 'waits'
  hub.changed(() => true)
  await vi.waitFor(() => expect(second.heard).toEqual(['runs', 'waits']))
  expect(first.heard).toEqual(['waits'])
  expect(rendered).toBe(3)
  state = 'done'
  hub.changed(() => true)
  await vi.waitFor(() => expect([first.heard.at(-1), second.heard.at(-1)]).toEqual(['done', 'done']))
})

test('a topic that nobody watches any more is not rendered', async () => {
  let rendered = 0
  hub = new Hub(async (topic) => {
    rendered += topic.name === 'job:1' ? 1 : 0
    return `state ${rendered}`
  })
  const gone = watch(['job:1'])
  const stays = watch(['job:2'])
  await vi.waitFor(() => expect([gone.heard, stays.heard]).toEqual([['state 1'], ['state 1']]))
  hub.close(gone.watcher)
  rendered = 2
  hub.changed(() => true)
  await vi.waitFor(() => expect(stays.heard).toEqual(['state 1', 'state 2']))
  expect(rendered).toBe(2)
})

test('a state is rendered once for a team, and notices for each person', async () => {
  let [rendered, states] = [0, 0]
  hub = new Hub(async (topic, member) => {
    rendered += 1
    return `${++states} of ${topic.name} for ${member.user.id}`
  })
  const one = watch(['job:1', 'notices'])
  const two = watch(['job:1', 'notices'], { member: ben })
  await vi.waitFor(() => expect([...one.heard, ...two.heard]).toHaveLength(4))
  rendered = 0
  hub.changed((topic) => topic.kind === 'job')
  await vi.waitFor(() => expect([...one.heard, ...two.heard]).toHaveLength(6))
  expect(rendered).toBe(1)
  hub.changed((topic) => topic.kind === 'notices')
  await vi.waitFor(() => expect([...one.heard, ...two.heard]).toHaveLength(8))
  expect(one.heard.at(-1)).toMatch(/notices for ana$/)
  expect(two.heard.at(-1)).toMatch(/notices for ben$/)
})

test('the sockets of a session that is over are closed with 4401 and hear nothing more', async () => {
  hub = new Hub(counting())
  const over = watch(['job:1'], { tokenHash: 'over' })
  const other = watch(['job:1'], { tokenHash: 'other' })
  await vi.waitFor(() => expect([over.heard, other.heard]).toEqual([['job:1 1'], ['job:1 2']]))
  hub.endSession('over')
  hub.changed(() => true)
  await vi.waitFor(() => expect(other.heard).toHaveLength(2))
  expect(over.ended).toEqual([4401])
  expect(over.heard).toHaveLength(1)
})

test('a reader who is too far behind is cut off instead of buffered without end', async () => {
  hub = new Hub(counting())
  const slow = watch(['job:1'])
  await vi.waitFor(() => expect(slow.heard).toHaveLength(1))
  slow.bufferedAmount = 2 * 1024 * 1024
  hub.changed(() => true)
  await vi.waitFor(() => expect(slow.ended).toEqual(['terminated']))
})

test('a session may hold so many sockets and no more', () => {
  hub = new Hub(async () => '')
  for (let n = 0; n < 20; n += 1) expect(watch(['notices']).ended).toEqual([])
  expect(watch(['notices']).ended).toEqual([1013])
})

test('a person may hold so many sockets in all, however many sessions they have', () => {
  hub = new Hub(async () => '')
  for (let n = 0; n < 100; n += 1) expect(watch(['notices'], { tokenHash: `session ${n}` }).ended).toEqual([])
  expect(watch(['notices'], { tokenHash: 'one more' }).ended).toEqual([1013])
  expect(watch(['notices'], { tokenHash: 'of another', member: ben }).ended).toEqual([])
})

test('a socket is closed with 4401 within a second of the end of its session, and not when that goes on', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  hub = new Hub(async () => '')
  const end: End = { until: Date.now() + 10_000 }
  const [over, renewed] = [watch(['notices'], { tokenHash: 'over', end }), watch(['notices'], { end: { ...end } })]
  renewed.watcher.lookAgain = () => Date.now() + 60_000
  vi.advanceTimersByTime(9000)
  expect([over.ended, renewed.ended]).toEqual([[], []])
  end.until = undefined
  vi.advanceTimersByTime(2000)
  expect([over.ended, renewed.ended]).toEqual([[4401], []])
})

test('a peer that answers no ping is let go after the second, and one that answers stays', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  hub = new Hub(async () => '')
  const [gone, there] = [watch(['notices']), watch(['notices'])]
  for (let seconds = 0; seconds < 120; seconds += 10) {
    vi.advanceTimersByTime(10_000)
    hub.answered(there.watcher)
  }
  expect(gone).toMatchObject({ pings: 2, ended: ['terminated'] })
  expect(there).toMatchObject({ pings: 4, ended: [] })
})

test('a stop closes every socket with 1012, so that browsers come back', () => {
  hub = new Hub(async () => '')
  const socket = watch(['notices'])
  hub.stop()
  expect(socket.ended).toEqual([1012])
})

test('a state that can not be rendered is told to nobody and stops nothing', async () => {
  let broken = true
  let tried = 0
  hub = new Hub(async () => {
    tried += 1
    if (broken) throw new Error('no state')
    return 'mended'
  })
  const socket = watch(['job:1'])
  hub.changed(() => true)
  await vi.waitFor(() => expect(tried).toBe(2))
  broken = false
  hub.changed(() => true)
  await vi.waitFor(() => expect(socket.heard).toEqual(['mended']))
})

test.each(['job', 'job:', 'job:../x', 'jobs:1x:2', 'template:A', 'secrets', ''])('%j is no topic', (name) => {
  expect(parseTopic(name)).toBeUndefined()
})
