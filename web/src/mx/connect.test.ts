import { locks } from 'node:worker_threads'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { TestHomeserver } from '../../test/homeserver'
import { inThread, ME, message, ROOM } from '../../test/room'
import type { Client } from './client'
import { connect, type Connected } from './connect'
import { Database } from './db'
import { askEarly } from './early'
import type { OutgoingEntry } from './outgoing'
import { storedSession, Tokens } from './session'

Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })

const topic = { roomId: ROOM, root: '$root' }
const database = new Database()
let homeserver: TestHomeserver
let open: Connected[]

beforeEach(async () => {
  await database.clear()
  await database.put('session', 'current', { deviceId: 'DEVICE', accessToken: 'token', refreshToken: 'refresh', expiresAt: Date.now() + 3_600_000 })
  homeserver = new TestHomeserver()
  await homeserver.server.start()
  open = []
})

afterEach(async () => {
  for (const tab of open) tab.close()
  await homeserver.server.stop()
})

async function tab(): Promise<Connected> {
  const connected = await connect()
  open.push(connected)
  return connected
}

const until = ({ view }: Client, enough: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!enough()) return
      stop()
      resolve()
    }
    const stop = view.subscribe(look)
    queueMicrotask(look)
  })

const said = ({ view }: Client): readonly string[] => view.timeline(topic).items.flatMap((item) => (item.type === 'message' ? [item.message.text] : []))

async function opened(client: Client): Promise<void> {
  await until(client, () => client.view.ready())
  await client.act.openConversation(topic)
}

/** Event and body of each receipt, in the order they came. */
const receipts = (): readonly (readonly [string, unknown])[] => homeserver.server.asked.flatMap(({ path, body }) => {
  const [, of] = path.split('/receipt/m.read/')
  return of === undefined ? [] : [[decodeURIComponent(of), JSON.parse(body)] as const]
})

test('one tab syncs, all know', async () => {
  const [one, two] = [await tab(), await tab()]
  await Promise.all([opened(one), opened(two)])
  homeserver.say(message('$new', 30, inThread('$root')))
  await Promise.all([one, two].map((client) => until(client, () => said(client).includes('$new'))))
  expect(homeserver.syncs().filter(({ query }) => query.get('since') === null)).toHaveLength(1)
  expect(two.view.topic(ROOM, '$root')).toMatchObject({ name: 'Emne', messages: 2 })
})

test('what the following tab writes is sent once, by the leading one', async () => {
  const [one, two] = [await tab(), await tab()]
  await Promise.all([opened(one), opened(two)])
  two.act.send(topic, { text: 'hej' })
  expect(said(two)).toContain('hej')
  await Promise.all([one, two].map((client) => until(client, () => client.view.timeline(topic).items.some((item) => item.type === 'message' && item.message.text === 'hej' && item.message.state === 'sent'))))
  expect(said(one).filter((text) => text === 'hej')).toHaveLength(1)
  expect(homeserver.sent).toHaveLength(1)
})

test('the following tab takes over where the leading one stopped', async () => {
  const [one, two] = [await tab(), await tab()]
  await Promise.all([opened(one), opened(two)])
  await until(two, () => two.view.connection() === 'live')
  one.close()
  homeserver.say(message('$after', 40, inThread('$root')))
  await until(two, () => said(two).includes('$after'))
  expect(homeserver.syncs().filter(({ query }) => query.get('since') === null)).toHaveLength(1)
  two.act.send(topic, { text: 'fra den nye' })
  await until(two, () => homeserver.sent.length === 1)
})

test('a draft is in all tabs and survives', async () => {
  const [one, two] = [await tab(), await tab()]
  one.act.saveDraft(topic, { text: 'kladde', named: [['@anna:localhost', 'Anna']] })
  await until(two, () => two.view.draft(topic).text === 'kladde')
  one.close()
  two.close()
  expect((await tab()).view.draft(topic)).toEqual({ text: 'kladde', named: [['@anna:localhost', 'Anna']] })
})

test.each([403, 502])('what has been read stays so in all tabs when its receipt gets a %s, without a flood', async (status) => {
  homeserver.receiptStatus = status
  homeserver.counts = { $root: 1 }
  const [one, two] = [await tab(), await tab()]
  await Promise.all([opened(one), opened(two)])
  homeserver.say(message('$new', 30, inThread('$root')))
  const unread = ({ view }: Client): number => view.unread(ROOM, '$root').count
  await Promise.all([one, two].map((client) => until(client, () => unread(client) === 1)))
  // As a view does: whenever something is unread.
  two.view.subscribe(() => { if (unread(two) > 0) void two.act.markRead(topic).catch(() => undefined) })
  void two.act.markRead(topic).catch(() => undefined)
  await Promise.all([one, two].map((client) => until(client, () => unread(client) === 0)))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect([one, two].map(unread)).toEqual([0, 0])
  expect(receipts()).toHaveLength(1)
})

test('a receipt the server could not take is sent again, at last by the next visit', async () => {
  homeserver.receiptStatus = 502
  const first = await tab()
  await opened(first)
  homeserver.say(message('$new', 30, inThread('$root')))
  await until(first, () => first.view.unread(ROOM, '$root').count === 1)
  void first.act.markRead(topic).catch(() => undefined)
  document.dispatchEvent(new Event('visibilitychange'))
  await new Promise((resolve) => setTimeout(resolve, 1700))
  const tries = (): number => receipts().filter(([of]) => of === '$new').length
  await expect.poll(tries, { timeout: 5000 }).toBeGreaterThan(1)
  first.close()
  homeserver.receiptStatus = 200
  const before = tries()
  await tab()
  await expect.poll(tries).toBe(before + 1)
})

test('a topic is marked read without its messages, and no other conversation with it', async () => {
  homeserver.counts = { main: 1, $root: 2, $other: 4 }
  homeserver.latest = message('$later', 25, inThread('$root'))
  const client = await tab()
  await until(client, () => client.view.topic(ROOM, '$root') !== null)
  homeserver.say(message('$elsewhere', 30, inThread('$other')))
  await until(client, () => client.view.unread(ROOM, '$root').count === 2)
  await client.act.markRead(topic)
  expect([topic.root, '$other', null].map((root) => client.view.unread(ROOM, root).count)).toEqual([0, 4, 1])
  await expect.poll(receipts).toEqual([['$later', { thread_id: '$root' }]])
  expect(homeserver.server.asked.filter(({ path }) => path.includes('/relations/'))).toEqual([])
})

test('a general chat of which the number alone is known is marked read, or says that it is not', async () => {
  homeserver.counts = { main: 3 }
  const client = await tab()
  await until(client, () => client.view.ready())
  homeserver.say(message('$elsewhere', 30, inThread('$other')))
  await until(client, () => client.view.unread(ROOM, null).count === 3)
  const general = { roomId: ROOM, root: null }
  await expect(client.act.markRead(general)).rejects.toBeDefined()
  expect([client.view.unread(ROOM, null).count, receipts()]).toEqual([3, []])
  homeserver.general = message('$said', 28)
  await client.act.markRead(general)
  expect(client.view.unread(ROOM, null).count).toBe(0)
  await expect.poll(receipts).toEqual([['$said', { thread_id: 'main' }]])
})

test('mending a message does not tell who shares the name of the one it names', async () => {
  const client = await tab()
  homeserver.nameOf = () => 'Peter'
  await opened(client)
  homeserver.say(message('$mine', 30, { ...inThread('$root'), body: 'Hej @Peter', 'm.mentions': { user_ids: ['@peter1:localhost'] } }, { sender: ME }))
  for (const id of ['@peter1:localhost', '@anna:localhost']) client.view.person(id)
  await until(client, () => said(client).includes('Hej @Peter') && client.view.person('@anna:localhost').name === 'Peter')
  await client.act.edit(topic, '$mine', 'Hej @Peter!')
  const content = JSON.parse(homeserver.server.asked.findLast(({ path }) => path.includes('/send/'))?.body ?? '{}') as Record<string, Record<string, unknown>>
  expect(content['m.mentions']).toEqual({})
  expect(content['m.new_content']?.['m.mentions']).toEqual({ user_ids: ['@peter1:localhost'] })
})

test('a topic that is started without a network is kept whole, with its files', async () => {
  homeserver.down = true
  const client = await tab()
  await opened(client)
  const file = new File(['x'], 'plan.pdf', { type: 'application/pdf' })
  client.act.startTopic(ROOM, 'Nyt emne', { text: 'Hej' }, [{ file, alt: null }]).catch(() => undefined)
  const kept = async (): Promise<readonly OutgoingEntry[]> => [...(await database.all<{ entry: OutgoingEntry }>('outbox')).values()].map(({ entry }) => entry)
  await expect.poll(async () => (await kept()).length).toBe(3)
  const heading = (await kept()).find((entry) => entry.heading === 'Nyt emne')
  expect((await kept()).filter((entry) => entry.after === heading?.id).toSorted((a, b) => a.at - b.at).map((entry) => entry.file?.name ?? entry.text)).toEqual(['Hej', 'plan.pdf'])
})

test('selectors answer with the same object until something changes', async () => {
  const client = await tab()
  await opened(client)
  await until(client, () => client.view.topics(ROOM) !== null && client.view.communities().length > 0)
  const look = (): readonly unknown[] => [
    client.view.timeline(topic), client.view.topics(ROOM), client.view.topic(ROOM, '$root'), client.view.recent(), client.view.privateChats(),
    client.view.unread(ROOM), client.view.unread(ROOM, '$root'), client.view.unreadTotal(), client.view.readers(ROOM), client.view.addressOf(ROOM), client.view.person('@x:y'),
  ]
  const before = look()
  for (const [n, answer] of look().entries()) expect(answer).toBe(before[n])
})

test('signing out wipes everything', async () => {
  const client = await tab()
  await opened(client)
  client.act.saveDraft(topic, { text: 'kladde', named: [['@anna:localhost', 'Anna']] })
  localStorage.setItem('samtale.preferences', '{"unfolded":["os2display"]}')
  sessionStorage.setItem('samtale.begun', '{"by":"@me:localhost"}')
  await client.act.signOut()
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
  expect(homeserver.server.asked.find(({ path }) => path === '/api/sign-out')).toMatchObject({ method: 'POST', token: 'token' })
  for (const store of ['session', 'kept', 'rooms', 'people', 'outbox', 'drafts'] as const) expect((await database.all(store)).size, store).toBe(0)
})

test('signing out wipes everything also when the session has ended elsewhere', async () => {
  const client = await tab()
  await opened(client)
  client.act.saveDraft(topic, { text: 'kladde', named: [] })
  await new Tokens(database).forget()
  client.close()
  const later = await connect(true)
  open.push(later)
  expect(later.view.connection()).toBe('signed-out')
  await later.act.signOut()
  for (const store of ['session', 'kept', 'rooms', 'people', 'outbox', 'drafts'] as const) expect((await database.all(store)).size, store).toBe(0)
})

test('a link’s next visit begins with what the last one knew', async () => {
  const first = await tab()
  await opened(first)
  document.dispatchEvent(new Event('visibilitychange'))
  await new Promise((resolve) => setTimeout(resolve, 1700))
  first.close()
  await homeserver.server.stop()
  const second = await tab()
  expect(second.view.ready()).toBe(true)
  expect(second.view.topic(ROOM, '$root')?.name).toBe('Emne')
  expect(said(second)).toEqual(['$first'])
})

test('who is signed in is asked once, while the app is on its way', async () => {
  const session = await storedSession(database)
  const early = askEarly(session!)
  const connected = await connect(false, early)
  open.push(connected)
  expect(connected.view.me().id).toBe((await early)?.id)
  expect(homeserver.server.asked.filter(({ path }) => path === '/api/me')).toHaveLength(1)
})

test('a token that has run out is no early question, and the app asks in its own way', async () => {
  const session = (await storedSession(database))!
  expect(await askEarly({ ...session, expiresAt: Date.now() - 1 })).toBeNull()
  const connected = await connect(false, Promise.resolve(null))
  open.push(connected)
  expect(connected.view.me().id).not.toBe('')
  expect(homeserver.server.asked.filter(({ path }) => path === '/api/me')).toHaveLength(1)
})
