/**
 * The whole Matrix layer against a running installation, as one person and with another one answering.
 * SAMTALE_URL, SAMTALE_EMAIL, SAMTALE_PASSWORD, SAMTALE_OTHER_EMAIL, SAMTALE_OTHER_PASSWORD.
 */
import { locks } from 'node:worker_threads'

import { beforeAll, expect, test } from 'vitest'

import type { Client } from '../../src/mx/client'
import { connect } from '../../src/mx/connect'
import { Database } from '../../src/mx/db'
import type { Conversation, ConversationKey, Message } from '../../src/mx/model'
import { storedSession } from '../../src/mx/session'
import { reachInstallation, signIn } from './person'

const EMAIL = process.env['SAMTALE_EMAIL'] ?? ''
const OTHER = process.env['SAMTALE_OTHER_EMAIL'] ?? ''
const PASSWORD = process.env['SAMTALE_PASSWORD'] ?? ''
const OTHER_PASSWORD = process.env['SAMTALE_OTHER_PASSWORD'] ?? ''

let client: Client
let otherToken: string
let channel: string
let topic: ConversationKey

const until = (enough: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!enough()) return
      stop()
      resolve()
    }
    const stop = client.view.subscribe(look)
    queueMicrotask(look)
  })

const messages = (key: ConversationKey): readonly Message[] => client.view.timeline(key).items.flatMap((item) => (item.type === 'message' ? [item.message] : []))
const said = (key: ConversationKey): readonly string[] => messages(key).map((message) => message.text)

async function asOther(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`/_matrix/client/v3/${path}`, {
    method, headers: { Authorization: `Bearer ${otherToken}` }, ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  return answer
}

const answerAsOther = (text: string, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
  asOther('PUT', `rooms/${encodeURIComponent(topic.roomId)}/send/m.room.message/${crypto.randomUUID()}`, {
    msgtype: 'm.text', body: text, 'm.mentions': {}, 'm.relates_to': { rel_type: 'm.thread', event_id: topic.root }, ...more,
  })

beforeAll(async () => {
  Object.defineProperty(navigator, 'locks', { value: locks })
  reachInstallation()
  const database = new Database()
  await signIn(database, OTHER, OTHER_PASSWORD)
  otherToken = (await storedSession(database))?.accessToken ?? ''
  await database.clear()
  await signIn(database, EMAIL, PASSWORD)
  client = await connect()
  await until(() => client.view.ready() && client.view.recent().some((one) => one.topic !== null))
})

test('knows the person and what they take part in', async () => {
  expect(client.view.me().email).toBe(EMAIL)
  await until(() => client.view.communities().length > 0)
  expect(client.view.privateChats().length).toBeGreaterThan(0)
})

test('starts a topic as a heading and a first message', async () => {
  const mayStart = (): Conversation | undefined => client.view.recent().find((one) => one.address !== null && client.view.mayNotStart(one.key.roomId) === null)
  await until(() => mayStart() !== undefined)
  const open = mayStart()
  if (!open?.address) return expect.fail('no open channel')
  channel = await client.act.openChannel(open.address)
  expect(channel).toBe(open.key.roomId)
  const name = `Prøve ${new Date().toISOString()}`
  const root = await client.act.startTopic(channel, name, { text: 'Første **besked**' }, [])
  topic = { roomId: channel, root }
  await client.act.openConversation(topic)
  await until(() => client.view.topic(channel, root)?.messages === 1)
  expect(client.view.topic(channel, root)).toMatchObject({ name, named: true, participated: true })
  expect(client.view.topics(channel)?.[0]?.root).toBe(root)
  await until(() => messages(topic)[0]?.html !== null)
  expect(messages(topic)).toMatchObject([{ text: 'Første **besked**', html: '<p>Første <strong>besked</strong></p>', state: 'sent' }])
})

test('sends in order and shows an echo at once', async () => {
  for (const text of ['en', 'to', 'tre']) client.act.send(topic, { text })
  expect(said(topic)).toEqual(['Første **besked**', 'en', 'to', 'tre'])
  await until(() => messages(topic).every((message) => message.state === 'sent'))
  expect(said(topic)).toEqual(['Første **besked**', 'en', 'to', 'tre'])
})

test('counts what another says, and is read at once', async () => {
  await answerAsOther('svar', { 'm.mentions': { user_ids: [client.view.me().id] } })
  await until(() => said(topic).includes('svar'))
  await until(() => client.view.unread(topic.roomId, topic.root).count === 1)
  expect(client.view.topic(topic.roomId, topic.root ?? '')).toMatchObject({ mentioned: true, lastText: 'svar' })
  await client.act.markRead(topic)
  expect(client.view.unread(topic.roomId, topic.root)).toEqual({ count: 0, highlight: 0 })
  // The next count comes from the server, which has the receipt by then.
  await answerAsOther('mere')
  await until(() => said(topic).includes('mere'))
  expect(client.view.unread(topic.roomId, topic.root).count).toBe(1)
})

test('edits, reacts, takes back, removes', async () => {
  const [first, second] = messages(topic)
  if (!first || !second) return expect.fail('no messages')
  await client.act.edit(topic, first.id, 'Rettet')
  await until(() => messages(topic)[0]?.text === 'Rettet')
  expect(messages(topic)[0]).toMatchObject({ edited: true })
  await client.act.toggleReaction(topic, first.id, '👍')
  await until(() => messages(topic)[0]?.reactions[0]?.mine === true)
  await client.act.toggleReaction(topic, first.id, '👍')
  await until(() => messages(topic)[0]?.reactions.length === 0)
  await client.act.remove(topic, second.id)
  await until(() => messages(topic)[1]?.deleted === true)
})

test('resolves, renames, follows', async () => {
  const { roomId, root } = topic
  if (root === null) return expect.fail('no root')
  await client.act.rename(roomId, root, 'Nyt navn')
  await client.act.resolve(roomId, root, true)
  await until(() => client.view.topic(roomId, root)?.resolved === true)
  expect(client.view.topic(roomId, root)).toMatchObject({ name: 'Nyt navn', resolvedBy: client.view.me().id })
  await client.act.resolve(roomId, root, false)
  await until(() => client.view.topic(roomId, root)?.resolved === false)
  await client.act.attend(roomId, root, 'mute')
  await until(() => client.view.topic(roomId, root)?.attention === 'mute')
  expect(client.view.timeline(topic).items.filter((item) => item.type === 'notice').map((item) => item.notice.kind)).toEqual(['renamed'])
})

test('quotes, and sends a file', async () => {
  const target = messages(topic).at(-1)
  if (!target) return expect.fail('no message')
  client.act.send(topic, { text: 'citeret', quoting: target.id })
  await until(() => messages(topic).at(-1)?.state === 'sent' && said(topic).at(-1) === 'citeret')
  expect(messages(topic).at(-1)?.quoted).toMatchObject({ id: target.id, text: target.text })
  client.act.sendFile(topic, new File(['indhold'], 'plan.txt', { type: 'text/plain' }), null)
  await until(() => messages(topic).some((message) => message.attachment?.name === 'plan.txt' && message.state === 'sent'))
})

test('finds people and opens one private chat with them', async () => {
  const [found] = (await client.act.findPeople('Anna')).filter((person) => person.id !== client.view.me().id)
  if (!found) return expect.fail('nobody found')
  const [one, same] = await Promise.all([client.act.openPrivate([found.id]), client.act.openPrivate([found.id])])
  expect(one).toBe(same)
  await until(() => client.view.privateChats().some((chat) => chat.roomId === one))
  expect(await client.act.openPrivate([found.id])).toBe(one)
  expect(client.view.person(found.id).name).toBe(found.name)
})

test('a private chat that another one starts is there without a question', async () => {
  const room = await asOther('POST', 'createRoom', { preset: 'private_chat', is_direct: true, invite: [client.view.me().id] })
  const roomId = String(room['room_id'])
  await asOther('PUT', `rooms/${encodeURIComponent(roomId)}/send/m.room.message/${crypto.randomUUID()}`, { msgtype: 'm.text', body: 'Har du et øjeblik?', 'm.mentions': {} })
  await until(() => client.view.privateChats().some((chat) => chat.roomId === roomId && chat.lastText === 'Har du et øjeblik?'))
  await client.act.openConversation({ roomId, root: null })
  expect(said({ roomId, root: null })).toEqual(['Har du et øjeblik?'])
  await until(() => client.view.unread(roomId).highlight === 1)
})

test('a conversation read anew is the same', async () => {
  const before = messages(topic).filter((message) => !message.deleted).map((message) => [message.id, message.text, message.edited])
  const query = new URLSearchParams({ dir: 'b', limit: '60', recurse: 'true' })
  const page = await fetch(`/_matrix/client/v1/rooms/${encodeURIComponent(topic.roomId)}/relations/${encodeURIComponent(topic.root ?? '')}?${query}`, { headers: { Authorization: `Bearer ${otherToken}` } })
  const { chunk } = (await page.json()) as { chunk: Array<{ event_id: string; type: string; content: Record<string, Record<string, unknown>> }> }
  const ids = chunk.toReversed().filter((event) => event.type === 'm.room.message' && event.content['m.relates_to']?.['rel_type'] === 'm.thread').map((event) => event.event_id)
  expect(before.map(([id]) => id)).toEqual(ids)
})

test('enters a channel nobody has opened for it, and a community, and leaves again', async () => {
  const all = client.view.communities()
  const closed = all.flatMap((community) => community.channels.map((one) => ({ community, one }))).find(({ community, one }) => community.joined && !one.joined && one.mayJoin && !one.archived)
  if (closed) {
    const roomId = await client.act.openChannel({ community: closed.community.slug, channel: closed.one.slug })
    expect(client.view.topics(roomId)).not.toBeNull()
    expect(client.view.addressOf(roomId)).toEqual({ community: closed.community.slug, channel: closed.one.slug })
  }
  const other = all.find((community) => !community.joined)
  if (!other) return expect.fail('a member of everything')
  const joined = (): boolean => client.view.communities().find((one) => one.slug === other.slug)?.joined ?? false
  await client.act.joinCommunity(other.slug, true)
  await until(joined)
  await until(() => client.view.communities().some((one) => one.slug === other.slug && one.channels.some((channel) => channel.joined)))
  await client.act.joinCommunity(other.slug, false)
  await until(() => !joined())
})

test('signs out: the token is dead, nothing is left behind', async () => {
  const database = new Database()
  const token = (await storedSession(database))?.accessToken
  await client.act.signOut()
  const { status } = await fetch('/_matrix/client/v3/account/whoami', { headers: { Authorization: `Bearer ${token}` } })
  expect(status).toBe(401)
  for (const store of ['session', 'kept', 'rooms', 'people', 'outbox', 'drafts'] as const) expect((await database.all(store)).size, store).toBe(0)
})
