// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'

import { BO, channelState, heading, inThread, ME, message, raw, ROOM, sync } from '../../test/room'
import { Refused } from './errors'
import type { Ask } from './http'
import { batchOf } from './live/sync'
import { Loader } from './loading'
import type { Me } from './model'
import type { RawEvent } from './protocol'
import { privateChatsOf } from './store/lists'
import { applyBatch } from './store/reduce'
import { emptyState, keyOf } from './store/state'
import { Store } from './store/store'
import { timelineOf } from './store/timeline'
import { topicsOf } from './store/topics'

const me: Me = {
  id: ME, name: 'Mig', organisation: null, organisationName: null, role: 'member', guest: false, moderates: [], email: '', language: 'da', demo: false, serverName: 'localhost',
}
const topic = { roomId: ROOM, root: '$root' }
const general = { roomId: ROOM, root: null }

let asked: Ask[]
let wanted: string[]
let answer: (ask: Ask) => unknown
let store: Store
let loader: Loader

beforeEach(() => {
  asked = []
  wanted = []
  store = new Store(emptyState(me))
  take('s0', { state: channelState(), events: [heading('$root', 10, 'Emne')] })
  const http = {
    json: async <T>(ask: Ask): Promise<T> => {
      asked.push(ask)
      return answer(ask) as T
    },
  }
  loader = new Loader(http, store, { want: (ids) => void wanted.push(...ids) })
})

function take(position: string, parts: Parameters<typeof sync>[1]): void {
  store.change((state) => applyBatch(state, batchOf(sync(position, parts), ME)))
}

const said = (key: typeof topic | typeof general): readonly string[] => {
  const { rooms, windows, outbox } = store.state
  return timelineOf(key, { room: rooms.get(ROOM), window: windows.get(keyOf(key)), outbox, self: ME, sanitise: () => null })
    .items.flatMap((item) => (item.type === 'message' ? [item.message.text] : []))
}
const window = (key: typeof topic | typeof general): ReturnType<typeof store.state.windows.get> => store.state.windows.get(keyOf(key))

const thread = (...times: number[]): RawEvent[] => times.map((at) => message(`$m${at}`, at, inThread('$root')))
/** Pages of the thread, newest first, by token. */
const pages = (byToken: Record<string, { chunk: RawEvent[]; next_batch?: string }>) => (ask: Ask): unknown => byToken[String(ask.query?.['from'] ?? '')] ?? { chunk: [] }

describe('a topic', () => {
  test('is opened with one request, and what is older comes on demand', async () => {
    answer = pages({ '': { chunk: thread(50, 40).concat(thread(...Array.from({ length: 30 }, (_, n) => 39 - n / 10))), next_batch: 'older' }, older: { chunk: thread(30, 20) } })
    await loader.open(topic)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.path).toContain('/relations/%24root')
    expect(window(topic)).toMatchObject({ older: 'older', loading: false, stale: false })
    await loader.older(topic)
    expect(window(topic)).toMatchObject({ older: null, from: 0 })
    expect(said(topic).slice(0, 2)).toEqual(['$m20', '$m30'])
  })

  test('opened again asks nothing', async () => {
    answer = pages({ '': { chunk: thread(20) } })
    await loader.open(topic)
    await loader.open(topic)
    expect(asked).toHaveLength(1)
  })

  test('shows where the unread begins, as it was when it was opened', async () => {
    answer = pages({ '': { chunk: thread(40, 30, 20) } })
    take('s1', { counts: { $root: 2 } })
    await loader.open(topic)
    expect(window(topic)).toMatchObject({ firstUnread: '$m30', readUpTo: 20 })
    take('s2', { counts: {}, events: thread(50) })
    expect(window(topic)?.firstUnread).toBe('$m30')
  })

  test('that is being read closes a gap by itself, without a hole', async () => {
    answer = pages({ '': { chunk: thread(30, 20), next_batch: 'x' } })
    await loader.open(topic)
    answer = pages({ '': { chunk: thread(60, 50, 40, 30, 20), next_batch: 'y' } })
    take('s1', { events: thread(60), limited: true })
    expect(window(topic)).toMatchObject({ stale: true, whole: 30 })
    await loader.mend()
    await new Promise((resolve) => setTimeout(resolve))
    expect(said(topic)).toEqual(['$m20', '$m30', '$m40', '$m50', '$m60'])
  })

  test('shows nothing before a hole that one page does not close', async () => {
    answer = pages({ '': { chunk: thread(30, 20) } })
    await loader.open(topic)
    take('s1', { events: thread(600), limited: true })
    answer = pages({ '': { chunk: thread(...Array.from({ length: 40 }, (_, n) => 600 - n)), next_batch: 'before' } })
    await loader.open(topic)
    expect(said(topic)[0]).toBe('$m561')
    expect(window(topic)).toMatchObject({ older: 'before', from: 561 })
  })

  test('that cannot be fetched says so, and can be tried again', async () => {
    answer = () => {
      throw new Refused(403, 'M_FORBIDDEN', 'no')
    }
    await expect(loader.open(topic)).rejects.toMatchObject({ code: 'M_FORBIDDEN' })
    expect(window(topic)).toMatchObject({ failed: true, loading: false })
    answer = pages({ '': { chunk: thread(20) } })
    await loader.open(topic)
    expect(said(topic)).toEqual(['$m20'])
  })

  test('fetches a quoted message that lies further back', async () => {
    const quoting = message('$q', 50, { 'm.relates_to': { rel_type: 'm.thread', event_id: '$root', is_falling_back: false, 'm.in_reply_to': { event_id: '$far' } } })
    answer = (ask) => (ask.path.includes('/event/') ? message('$far', 15, { ...inThread('$root'), body: 'langt tilbage' }) : { chunk: [quoting], next_batch: asked.length < 8 ? 'x' : undefined })
    await loader.open(topic)
    await new Promise((resolve) => setTimeout(resolve))
    expect(asked.at(-1)?.path).toContain('/event/%24far')
    expect(store.state.rooms.get(ROOM)?.events.get('$far')).toMatchObject({ body: 'langt tilbage' })
  })
})

test('the general chat passes over what was said in topics', async () => {
  const turns = [
    { chunk: thread(...Array.from({ length: 50 }, (_, n) => 900 - n)), end: 'b' },
    { chunk: [message('$g2', 30), heading('$h', 25, 'X'), raw('m.reaction', 24), message('$g1', 20)], end: undefined },
  ]
  answer = () => turns.shift()
  await loader.open(general)
  expect(said(general)).toEqual(['$g1', '$g2'])
  expect(window(general)).toMatchObject({ from: 0, older: null })
})

describe('the newest event', () => {
  test('of the general chat is fetched, once', async () => {
    answer = () => ({ chunk: [message('$g1', 20)] })
    await loader.newest(general)
    await loader.newest(general)
    expect(asked.map(({ path }) => path)).toEqual([expect.stringContaining('/messages')])
    expect(said(general)).toEqual(['$g1'])
    take('s1', { events: [message('$g9', 90)], limited: true })
    await loader.newest(general)
    expect(asked).toHaveLength(2)
  })

  test('of a topic is told by the list of topics', async () => {
    answer = () => ({ chunk: [heading('$root', 10, 'Emne', { unsigned: { 'm.relations': { 'm.thread': { latest_event: message('$m9', 90, inThread('$root')), count: 9, current_user_participated: false } } } })] })
    await loader.topics(ROOM)
    await loader.newest(topic)
    expect(asked.map(({ path }) => path)).toEqual([expect.stringContaining('/threads')])
  })
})

test('a link into a room that is not there waits for the live source, and no longer', async () => {
  const empty = new Store(emptyState(me))
  const early = new Loader({ json: async <T>() => ({ chunk: [] }) as T }, empty, { want: () => undefined })
  const opening = early.open({ roomId: '!unknown', root: null })
  empty.change((state) => applyBatch(state, batchOf(sync('s1'), ME)))
  await expect(opening).rejects.toMatchObject({ code: 'unknown_room' })
  expect(empty.state.windows.get('!unknown|')).toMatchObject({ failed: true })
})

describe('the topic list', () => {
  const root = (id: string, at: number): RawEvent => {
    const latest = message(`${id}-last`, at + 5, inThread(id))
    return heading(id, at, `Emne ${id}`, { unsigned: { 'm.relations': { 'm.thread': { latest_event: latest, count: 3, current_user_participated: true } } } })
  }
  const names = (): readonly string[] => topicsOf(store.state.rooms.get(ROOM) ?? expect.fail(), ME).map((one) => one.root)

  test('comes with one request, the newest first, and older ones after it', async () => {
    answer = pages({ '': { chunk: [root('$a', 100), root('$b', 300)], next_batch: 't' }, t: { chunk: [root('$c', 50)] } })
    await loader.topics(ROOM)
    expect(names()).toEqual(['$b', '$a'])
    expect(store.state.rooms.get(ROOM)?.topics).toEqual({ state: 'there', older: 't', stale: false })
    expect(await loader.olderTopics(ROOM)).toBe(false)
    expect(names()).toEqual(['$b', '$a', '$c'])
    expect(await loader.olderTopics(ROOM)).toBe(false)
    expect(asked).toHaveLength(2)
  })

  test('says that it failed', async () => {
    answer = () => {
      throw new Refused(500, 'M_UNKNOWN', 'no')
    }
    await expect(loader.topics(ROOM)).rejects.toThrow('no')
    expect(store.state.rooms.get(ROOM)?.topics.state).toBe('failed')
  })

  test('asks for roots that only answers speak of, each once', async () => {
    answer = pages({ '': { chunk: [] } })
    await loader.topics(ROOM)
    answer = (ask) => {
      if (ask.path.includes('%24lost')) throw new Refused(404, 'M_NOT_FOUND', 'gone')
      return root('$found', 400)
    }
    take('s1', { events: [message('$x', 410, inThread('$found')), message('$y', 420, inThread('$lost'))] })
    await loader.mend()
    await loader.mend()
    expect(asked.filter(({ path }) => path.includes('/event/'))).toHaveLength(2)
    expect(names()).toContain('$found')
  })
})

test('members are asked for once, and then who they are', async () => {
  answer = () => ({ joined: { [ME]: {}, '@anna:localhost': {} } })
  await loader.members(ROOM)
  await loader.members(ROOM)
  expect(asked).toHaveLength(1)
  expect(store.state.rooms.get(ROOM)?.members).toEqual([ME, '@anna:localhost'])
  expect(new Set(wanted)).toEqual(new Set([ME, '@anna:localhost']))
})

describe('a channel as a whole', () => {
  test('who takes part comes with one request for many topics, and older topics in pages', async () => {
    const summarised = (root: string, at: number, latest: string): RawEvent => heading(root, at, `Emne ${root}`, {
      unsigned: { 'm.relations': { 'm.thread': { latest_event: message(latest, at + 5, inThread(root)), count: 2, current_user_participated: false } } },
    })
    answer = ({ path, query }) => {
      if (path.endsWith('/messages')) return { chunk: [message('$a1', 11, inThread('$a')), message('$b1', 21, inThread('$b'), { sender: BO })] }
      return query?.['from'] === 'more' ? { chunk: [summarised('$c', 1, '$c2')] } : { chunk: [summarised('$b', 20, '$b2'), summarised('$a', 10, '$a2')], next_batch: 'more' }
    }
    await loader.topics(ROOM)
    const topicsNow = (): ReturnType<typeof topicsOf> => topicsOf(store.state.rooms.get(ROOM)!, ME)
    expect(topicsNow().map(({ participantsWhole }) => participantsWhole)).toEqual([false, false])
    asked.length = 0
    await loader.whole(ROOM)
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual(['messages', 'threads'])
    expect(topicsNow().map(({ root, participantsWhole }) => [root, participantsWhole])).toEqual([['$b', true], ['$a', true], ['$c', false]])
    expect(store.state.rooms.get(ROOM)?.topics.older).toBeNull()
    await loader.whole(ROOM)
    expect(asked).toHaveLength(2)
  })

  test('a long list of topics is fetched within bounds', async () => {
    let page = 0
    answer = ({ path }) => (path.endsWith('/threads') ? { chunk: [], next_batch: `p${++page}` } : { chunk: [] })
    await loader.topics(ROOM)
    await loader.whole(ROOM)
    expect(page).toBe(11)
    expect(store.state.rooms.get(ROOM)?.topics.older).toBe('p11')
  })
})

test('the latest message of a private chat is looked up once', async () => {
  const chat = new Store(emptyState(me))
  const create = raw('m.room.create', 1, { state_key: '', content: {} })
  chat.change((state) => applyBatch(state, batchOf(sync('s0', { state: [create] }), ME)))
  const own = new Loader({ json: async <T>(ask: Ask): Promise<T> => (asked.push(ask), { chunk: [message('$hej', 10)] } as T) }, chat, { want: () => undefined })
  await own.privateChats()
  await own.privateChats()
  expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual(['messages'])
  expect(privateChatsOf(chat.state)).toMatchObject([{ lastText: '$hej', lastAt: 10 }])
})
