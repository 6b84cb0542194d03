import { afterEach, expect, test } from 'vitest'

import { ME, message, ROOM, sync } from '../../../test/room'
import { TestServer, type Answered, type Asked } from '../../../test/server'
import { Http } from '../http'
import { SignedOut } from '../errors'
import type { Connection } from '../model'
import type { Batch } from './source'
import { batchOf, SyncSource } from './sync'

let server: TestServer
let source: SyncSource

afterEach(async () => {
  source.stop()
  await server.stop()
})

async function follow(answer: (asked: Asked) => Answered | Promise<Answered>, from: string | null = null, access = async (): Promise<string> => 'token'): Promise<{ batches: Batch[]; states: Connection[]; until: (enough: () => boolean) => Promise<void> }> {
  server = new TestServer(answer)
  await server.start()
  source = new SyncSource(new Http({ access, renew: access }), ME)
  const batches: Batch[] = []
  const states: Connection[] = []
  let look: () => void = () => undefined
  source.onBatch((batch) => (batches.push(batch), look()))
  source.onState((state) => (states.push(state), look()))
  const until = (enough: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => enough() && resolve()
      look()
    })
  source.start(from)
  return { batches, states, until }
}

const never = (): Promise<Answered> => new Promise(() => undefined)

test('the first answer is small and comes at once, the next is waited for', async () => {
  const { batches, states, until } = await follow(({ query }) => (query.get('since') === null ? { json: sync('s1', { events: [message('$a', 1)] }) } : never()))
  await until(() => batches.length === 1)
  expect(batches[0]).toMatchObject({ position: 's1', rooms: [{ roomId: ROOM, events: [{ id: '$a' }] }] })
  await until(() => server.asked.length >= 1 && states.includes('live'))
  const filter = JSON.parse(server.asked[0]?.query.get('filter') ?? '{}') as { room: { timeline: Record<string, unknown> } }
  expect(filter.room.timeline).toEqual({ limit: 1, lazy_load_members: true, unread_thread_notifications: true })
  expect(server.asked[0]?.query.get('timeout')).toBe('0')
})

test('goes on where it was told, and past a break in the network', async () => {
  let turn = 0
  const { batches, states, until } = await follow(({ query }) => {
    turn += 1
    if (turn === 1) return { cut: true }
    return query.get('since') === 's7' ? { json: sync('s8') } : never()
  }, 's7')
  await until(() => states.includes('offline'))
  dispatchEvent(new Event('online'))
  await until(() => batches.length === 1 && states.at(-1) === 'live')
  expect(states).toEqual(['offline', 'live'])
  expect(server.asked.map(({ query }) => query.get('since'))).toContain('s7')
})

test('a lost network is said at once, whatever the browser still waits for', async () => {
  const { states, until } = await follow(({ query }) => (query.get('timeout') === '0' ? { json: sync('s8') } : never()), 's7')
  await until(() => states.at(-1) === 'live')
  dispatchEvent(new Event('offline'))
  await until(() => states.at(-1) === 'offline')
  dispatchEvent(new Event('online'))
  await until(() => states.at(-1) === 'live')
  expect(states).toEqual(['live', 'offline', 'live'])
})

test('a server in trouble is behind, not offline', async () => {
  const { states, until } = await follow(() => ({ status: 502, json: {} }))
  await until(() => states.length > 0)
  expect(states).toEqual(['behind'])
})

test('ends when the session is over', async () => {
  const { states, until } = await follow(never, null, () => Promise.reject(new SignedOut()))
  await until(() => states.length > 0)
  expect(states).toEqual(['signed-out'])
})

test('reads counts, receipts and account data of the person alone', async () => {
  server = new TestServer(never)
  await server.start()
  source = new SyncSource(new Http({ access: async () => 't', renew: async () => 't' }), ME)
  const raw = sync('s', {
    counts: { main: 2, $h: 3 }, attention: { $h: 'follow', $x: 'nonsense' },
    ephemeral: [
      { type: 'm.receipt', content: { $a: { 'm.read': { [ME]: { ts: 5, thread_id: '$h' }, '@other:x': { ts: 6 } } }, $b: { 'm.read.private': { [ME]: { ts: 7 } } } } },
      { type: 'm.typing', content: { user_ids: ['@other:x'] } },
    ],
  })
  expect(batchOf({ ...raw, account_data: { events: [{ type: 'm.direct', content: { '@other:x': ['!p', 7] } }] } }, ME)).toMatchObject({
    direct: { '@other:x': ['!p'] },
    rooms: [{
      counts: { main: { count: 2, highlight: 0 }, $h: { count: 3, highlight: 0 } },
      read: [{ thread: '$h', eventId: '$a', at: 5 }, { thread: null, eventId: '$b', at: 7 }],
      typing: ['@other:x'],
      attention: { $h: 'follow' },
    }],
  })
})

test('an event that makes no sense stops nobody', () => {
  const odd = [
    { event_id: 5 }, { event_id: '$x', type: 'm.room.message', sender: '@a:x', origin_server_ts: 1, content: null },
    { event_id: '$y', type: 'm.room.message', sender: '@a:x', origin_server_ts: 1, content: { msgtype: 'm.text', body: 7, 'm.relates_to': 'x', 'm.mentions': { user_ids: 'all' } } },
  ]
  const batch = batchOf(sync('s', { events: odd as never }), ME)
  expect(batch.rooms[0]?.events).toMatchObject([{ id: '$y', body: '', mentions: [], root: null }])
})
