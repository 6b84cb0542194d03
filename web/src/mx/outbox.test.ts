import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { channelState, ME, message, ROOM, sync } from '../../test/room'
import { Database } from './db'
import { Cancelled, Refused, Unreachable } from './errors'
import type { Ask } from './http'
import { batchOf } from './live/sync'
import type { Me } from './model'
import { outgoing } from './new-entry'
import { Outbox, type OutboxParts } from './outbox'
import type { OutgoingEntry } from './outgoing'
import { applyBatch } from './store/reduce'
import { emptyState } from './store/state'
import { Store } from './store/store'
import { timelineOf } from './store/timeline'

const me: Me = {
  id: ME, name: 'Mig', organisation: null, organisationName: null, role: 'member', guest: false, moderates: [], email: '', language: 'da', demo: false, serverName: 'localhost',
}

let database: Database
let store: Store
let outbox: Outbox
let sent: Ask[]
let answer: (ask: Ask) => Promise<unknown>

function outboxWith(upload: OutboxParts['media']['upload']): Outbox {
  return new Outbox({
    database, store, nameOf: (id) => id, announce: () => undefined,
    http: { json: async <T>(ask: Ask): Promise<T> => (sent.push(ask), (await answer(ask)) as T) },
    media: { upload },
    shareUploads: (uploads) => store.change((state) => ({ ...state, uploads })),
    share: (batch) => store.change((state) => applyBatch(state, batch)),
  })
}

function makeOutbox(): Outbox {
  store = new Store(applyBatch(emptyState(me), batchOf(sync('s', { state: channelState() }), ME)))
  return outboxWith(async () => 'mxc://localhost/abc')
}

beforeEach(async () => {
  database = new Database()
  await database.clear()
  sent = []
  let n = 0
  answer = async () => ({ event_id: `$sent${++n}` })
  outbox = makeOutbox()
})

afterEach(() => outbox.stop())

const entry = (text: string, at: number, root: string | null = '$root'): ReturnType<typeof outgoing> => outgoing({ roomId: ROOM, root, message: { text }, at })
const plan = { name: 'plan.pdf', mimetype: 'application/pdf', size: 3, width: null, height: null, alt: null, mxc: null }
const said = (): string[] => sent.map((ask) => (ask.body as { body: string }).body)
const settled = async (enough: () => boolean): Promise<void> => {
  if (enough()) return
  await new Promise<void>((resolve) => {
    const stop = store.subscribe(() => enough() && (stop(), resolve()))
  })
}
const shown = (): Array<readonly [string, string]> =>
  timelineOf({ roomId: ROOM, root: '$root' }, { room: store.state.rooms.get(ROOM), window: undefined, outbox: store.state.outbox, self: ME, sanitise: () => null })
    .items.flatMap((item) => (item.type === 'message' ? [[item.message.text, item.message.state] as const] : []))

test('shows an echo at once, sends in order, and ends with the event', async () => {
  await outbox.start()
  const entries = ['en', 'to', 'tre'].map((text, n) => entry(text, n + 1))
  for (const one of entries) outbox.add(one)
  expect(shown()).toEqual([['en', 'sending'], ['to', 'sending'], ['tre', 'sending']])
  await Promise.all(entries.map((one) => outbox.sent(one)))
  expect(said()).toEqual(['en', 'to', 'tre'])
  expect(store.state.outbox).toEqual([])
  expect((await database.all('outbox')).size).toBe(0)
})

test('the same transaction is tried again until the network is back', async () => {
  let turn = 0
  answer = async () => {
    if (turn++ === 0) throw new Unreachable()
    return { event_id: '$ok' }
  }
  await outbox.start()
  const one = entry('hej', 1)
  outbox.add(one)
  await new Promise((resolve) => setTimeout(resolve, 20))
  dispatchEvent(new Event('online'))
  expect(await outbox.sent(one)).toBe('$ok')
  expect(new Set(sent.map(({ path }) => path)).size).toBe(1)
})

test('a clear no is shown with its code, and stops nothing behind it', async () => {
  answer = async (ask) => {
    if ((ask.body as { body: string }).body === 'nej') throw new Refused(403, 'M_FORBIDDEN', 'no')
    return { event_id: '$ok' }
  }
  await outbox.start()
  const [no, yes] = [entry('nej', 1), entry('ja', 2)]
  outbox.add(no)
  outbox.add(yes)
  await outbox.sent(yes)
  expect(store.state.outbox).toMatchObject([{ id: no.id, failure: 'M_FORBIDDEN' }])
  await expect(outbox.sent(no)).rejects.toMatchObject({ code: 'M_FORBIDDEN' })
  await outbox.discard(no.id)
  expect((await database.all('outbox')).size).toBe(0)
})

test('what failed can be sent again', async () => {
  answer = async () => Promise.reject(new Refused(403, 'M_FORBIDDEN', 'no'))
  await outbox.start()
  const one = entry('hej', 1)
  outbox.add(one)
  await settled(() => store.state.outbox[0]?.failure === 'M_FORBIDDEN')
  answer = async () => ({ event_id: '$ok' })
  await outbox.retry(one.id)
  expect(await outbox.sent(one)).toBe('$ok')
})

describe('a topic', () => {
  const both = (): [ReturnType<typeof outgoing>, ReturnType<typeof outgoing>] => {
    const heading = { ...entry('', 1, null), heading: 'Release 2.4' }
    return [heading, { ...entry('Hvad mangler?', 2, null), after: heading.id }]
  }

  test('is a heading and then its first message in the thread', async () => {
    await outbox.start()
    const [heading, first] = both()
    outbox.add(first)
    outbox.add(heading)
    const root = await outbox.sent(heading)
    await outbox.sent(first)
    expect(sent.map((ask) => ask.body)).toMatchObject([
      { msgtype: 'm.notice', 'dk.os2.topic': { name: 'Release 2.4' } },
      { body: 'Hvad mangler?', 'm.relates_to': { rel_type: 'm.thread', event_id: root } },
    ])
  })

  test('is finished after a break between the two', async () => {
    await outbox.start()
    const [heading, first] = both()
    const lost = new Promise<void>((resolve) => {
      answer = async (ask) => {
        if ((ask.body as { msgtype: string }).msgtype === 'm.notice') return { event_id: '$root' }
        resolve()
        throw new Unreachable()
      }
    })
    outbox.add(first)
    outbox.add(heading)
    await outbox.sent(heading)
    await lost
    // The tab is closed; the next visit knows only what was stored.
    outbox.stop()
    sent = []
    answer = async () => ({ event_id: '$first' })
    outbox = makeOutbox()
    await outbox.start()
    expect(await outbox.sent(first)).toBe('$first')
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toMatchObject({ 'm.relates_to': { event_id: '$root' } })
  })

  test('that was refused leaves nothing to be sent', async () => {
    answer = async () => Promise.reject(new Refused(403, 'M_FORBIDDEN', 'no'))
    await outbox.start()
    const [heading, first] = both()
    outbox.add(first)
    outbox.add(heading)
    await expect(outbox.sent(heading)).rejects.toMatchObject({ code: 'M_FORBIDDEN' })
    await outbox.discard(heading.id)
    expect(store.state.outbox).toEqual([])
    expect((await database.all('outbox')).size).toBe(0)
  })
})

test('the real event takes the place of the echo', async () => {
  await outbox.start()
  const one = entry('hej', 1)
  outbox.add(one)
  const id = await outbox.sent(one)
  const real = message(id, 123, { body: 'hej', 'm.relates_to': { rel_type: 'm.thread', event_id: '$root' } }, { sender: ME, unsigned: { transaction_id: one.id } })
  store.change((state) => applyBatch(state, batchOf(sync('n', { events: [real] }), ME)))
  expect(store.state.rooms.get(ROOM)?.events.get(id)).toMatchObject({ at: 123, provisional: false })
})

test('a file is uploaded once, also when sending it takes two tries', async () => {
  let uploads = 0
  outbox = outboxWith(async () => `mxc://localhost/${++uploads}`)
  let turn = 0
  answer = async () => {
    if (turn++ === 0) throw new Unreachable()
    return { event_id: '$file' }
  }
  await outbox.start()
  const one = { ...entry('', 1), file: plan }
  outbox.add(one, new Blob(['pdf']))
  await settled(() => store.state.outbox[0]?.file?.mxc === 'mxc://localhost/1')
  await new Promise((resolve) => setTimeout(resolve, 20))
  dispatchEvent(new Event('online'))
  await outbox.sent(one)
  expect(uploads).toBe(1)
  expect(sent.at(-1)?.body).toMatchObject({ msgtype: 'm.file', filename: 'plan.pdf', url: 'mxc://localhost/1' })
})

test('a file that is dropped while it is on its way is stopped and never sent', async () => {
  let begun: AbortSignal | undefined
  let arrive = (): void => undefined
  outbox = outboxWith((_file, _name, signal) => {
    begun = signal
    return new Promise((resolve) => (arrive = () => resolve('mxc://localhost/1')))
  })
  await outbox.start()
  const one = { ...entry('', 1), file: plan }
  outbox.add(one, new Blob(['pdf']))
  await expect.poll(() => begun).toBeDefined()
  await outbox.discard(one.id)
  expect(begun?.aborted).toBe(true)
  arrive()
  outbox.add(entry('efter', 2))
  await expect.poll(said).toEqual(['efter'])
})

describe('how far a file is', () => {
  let tell: (share: number) => void
  let end: { resolve: (mxc: string) => void; reject: (error: Error) => void }
  const begun = (): Promise<void> => new Promise((resolve) => {
    outbox = outboxWith((_file, _name, signal, onSent) => {
      tell = onSent
      resolve()
      return new Promise((yes, no) => {
        end = { resolve: yes, reject: no }
        signal.addEventListener('abort', () => no(new Cancelled()))
      })
    })
  })
  const begin = async (): Promise<OutgoingEntry> => {
    const one = { ...entry('', 1), file: plan }
    const ready = begun()
    await outbox.start()
    outbox.add(one, new Blob(['pdf']))
    await ready
    return one
  }

  test('is told in whole percent, each once, until it is there', async () => {
    const one = await begin()
    const told: Array<number | undefined> = []
    store.subscribe(() => {
      const percent = store.state.uploads.get(one.id)
      if (told.at(-1) !== percent || told.length === 0) told.push(percent)
    })
    let changes = 0
    const stop = store.subscribe(() => (changes += 1))
    for (const share of [0, 0.421, 0.428, 0.999, 1]) tell(share)
    expect(changes).toBe(4)
    stop()
    end.resolve('mxc://localhost/1')
    await outbox.sent(one)
    await settled(() => store.state.uploads.size === 0)
    expect(told).toEqual([0, 42, 99, 100, undefined])
  })

  test('begins anew when the network went, as after a reload', async () => {
    const one = await begin()
    tell(0.6)
    end.reject(new Unreachable())
    await settled(() => !store.state.uploads.has(one.id))
    expect(store.state.outbox).toMatchObject([{ id: one.id, failure: null }])
    outbox.stop()
    const again = begun()
    await outbox.start()
    await again
    tell(0)
    expect(store.state.uploads.get(one.id)).toBe(0)
    end.resolve('mxc://localhost/1')
    await outbox.sent(one)
  })

  test('is forgotten with a file that is dropped or refused', async () => {
    const dropped = await begin()
    tell(0.6)
    await outbox.discard(dropped.id)
    await settled(() => store.state.uploads.size === 0)
    outbox.stop()
    const refused = await begin()
    tell(0.6)
    end.reject(new Refused(413, 'M_TOO_LARGE', 'too large'))
    await expect(outbox.sent(refused)).rejects.toMatchObject({ code: 'M_TOO_LARGE' })
    await settled(() => store.state.uploads.size === 0)
  })
})
