/**
 * A client in memory, for tests and screenshots of the views. It answers at once, keeps what is written
 * until the page is left, and knows the people and conversations of `world.ts`.
 */
import type { Acts, Client, View } from '../../src/mx/client'
import {
  NO_DRAFT, type Connection, type Conversation, type ConversationKey, type Draft, type EventId, type Me, type Message, type Person, type PrivateChat,
  type Reaction, type RoomId, type Timeline, type TimelineItem, type Topic, type Unread,
} from '../../src/mx/model'
import { messageOf, said } from './messages'
import { personOf } from './people'
import { topicOf } from './topics'

const NONE: Unread = { count: 0, highlight: 0 }
const EMPTY: Timeline = { items: [], hasOlder: false, loading: false, failed: false, firstUnread: null, readUpTo: 0 }

export interface World {
  readonly me: Me
  readonly people: readonly Person[]
  readonly communities: ReturnType<View['communities']>
  readonly topics: Readonly<Record<RoomId, readonly Topic[] | null>>
  readonly chats: readonly PrivateChat[]
  readonly timelines: Readonly<Record<string, Timeline>>
  readonly members: readonly string[]
  readonly picture: string
  readonly connection?: Connection
  readonly ready?: boolean
  readonly mayNotWrite?: Readonly<Record<RoomId, string>>
  readonly mayNotStart?: Readonly<Record<RoomId, string>>
  readonly moved?: Readonly<Record<EventId, { readonly roomId: RoomId; readonly root: EventId }>>
  readonly topicsFailed?: boolean
  readonly olderTopics?: boolean
  /** A new topic is there once this has come true. */
  readonly starting?: Promise<void>
  /** Older pages of the open conversation, the nearest first. */
  readonly older?: readonly (readonly TimelineItem[])[]
}

export const keyOf = ({ roomId, root }: ConversationKey): string => `${roomId} ${root ?? ''}`

/** `calls` names what the views asked for, in order. */
export interface TestClient extends Client {
  readonly calls: readonly (readonly [name: keyof Acts, ...with_: readonly unknown[]])[]
  receive(key: ConversationKey, message: Message): void
  connect(connection: Connection): void
  upload(id: string, percent: number): void
}

export function clientOf(world: World): TestClient {
  const listeners = new Set<() => void>()
  const people = new Map(world.people.map((person) => [person.id, person]))
  const topics = new Map(Object.entries(world.topics))
  const timelines = new Map(Object.entries(world.timelines))
  const drafts = new Map<string, Draft>()
  const uploads = new Map<string, number>()
  const calls: (readonly [keyof Acts, ...unknown[]])[] = []
  let communities = world.communities
  let chats = world.chats
  let connection: Connection = world.connection ?? 'live'
  const kept = new Map<string, { readonly from: unknown; readonly value: unknown }>()
  /** Selectors must answer with the same reference until something changed. */
  const memo = <Value>(name: string, from: unknown, make: () => Value): Value => {
    const known = kept.get(name)
    if (known && known.from === from) return known.value as Value
    const value = make()
    kept.set(name, { from, value })
    return value
  }
  const older = [...(world.older ?? [])]
  let version = 0
  const changed = (): void => {
    version += 1
    for (const listener of listeners) listener()
  }
  const did = (name: keyof Acts, ...with_: unknown[]): void => void calls.push([name, ...with_])
  const topicAt = (roomId: RoomId, root: EventId): Topic | null => topics.get(roomId)?.find((topic) => topic.root === root) ?? null
  const changeTopic = (roomId: RoomId, root: EventId, change: Partial<Topic>): void => {
    topics.set(roomId, topics.get(roomId)?.map((topic) => (topic.root === root ? { ...topic, ...change } : topic)) ?? null)
    changed()
  }
  const changeItems = (key: ConversationKey, change: (items: readonly TimelineItem[]) => readonly TimelineItem[]): void => {
    const before = timelines.get(keyOf(key)) ?? EMPTY
    timelines.set(keyOf(key), { ...before, items: change(before.items) })
    changed()
  }
  const changeMessage = (key: ConversationKey, id: string, change: (message: Message) => Message): void => {
    changeItems(key, (items) => items.map((item) => (item.type === 'message' && item.message.id === id ? said(change(item.message)) : item)))
  }
  const addressOf: View['addressOf'] = (roomId) => memo(`address ${roomId}`, communities, () => {
    for (const community of communities) {
      const channel = community.channels.find((one) => one.roomId === roomId)
      if (channel) return { community: community.slug, channel: channel.slug }
    }
    return null
  })
  const add = (first: Unread, second: Unread): Unread => ({ count: first.count + second.count, highlight: first.highlight + second.highlight })
  const unread: View['unread'] = (roomId, root) => memo(`unread ${roomId} ${root}`, version, () => {
    const chat = chats.find((one) => one.roomId === roomId)
    if (chat) return chat.unread
    if (root === null) return NONE
    if (root !== undefined) return topicAt(roomId, root)?.unread ?? NONE
    return (topics.get(roomId) ?? []).filter((topic) => topic.attention !== 'mute').map((topic) => topic.unread).reduce(add, NONE)
  })
  let sent = 0

  const view: View = {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    connection: () => connection,
    ready: () => world.ready ?? true,
    me: () => world.me,
    person: (id) => {
      const known = people.get(id) ?? personOf(id, { name: id, organisation: null, organisationName: null })
      people.set(id, known)
      return known
    },
    communities: () => communities,
    addressOf,
    topics: (roomId) => topics.get(roomId) ?? null,
    topic: topicAt,
    topicsFailed: () => world.topicsFailed ?? false,
    hasOlderTopics: () => world.olderTopics ?? false,
    unread,
    unreadTotal: () => memo('total', version, () => [
      ...[...topics.keys()].map((roomId) => unread(roomId)), ...chats.map((chat) => chat.unread),
    ].reduce(add, NONE)),
    privateChats: () => chats,
    recent: () => memo('recent', version, () => [
      ...[...topics.entries()].flatMap(([roomId, list]) => (list ?? []).map((topic): Conversation => ({
        key: { roomId, root: topic.root }, topic, chat: null, address: addressOf(roomId), lastAt: topic.lastAt, lastSender: topic.lastSender,
      }))),
      ...chats.map((chat): Conversation => ({ key: { roomId: chat.roomId, root: null }, topic: null, chat, address: null, lastAt: chat.lastAt, lastSender: chat.lastSender })),
    ].toSorted((one, other) => other.lastAt - one.lastAt)),
    sent: (id) => uploads.get(id) ?? 0,
    timeline: (key) => timelines.get(keyOf(key)) ?? EMPTY,
    readers: (roomId) => memo(`readers ${roomId}`, 0, () => (
      chats.some((chat) => chat.roomId === roomId) ? { people: 2, organisations: 2, guests: 0 } : { people: 128, organisations: 41, guests: 2 }
    )),
    members: () => world.members,
    summary: () => 'Spørgsmål og svar om drift.',
    mayNotWrite: (key) => world.mayNotWrite?.[key.roomId] ?? null,
    mayNotStart: (roomId) => world.mayNotStart?.[roomId] ?? null,
    mayChangeTopics: () => !world.me.guest,
    movedTo: (_roomId, root) => world.moved?.[root] ?? null,
    draft: (key) => drafts.get(keyOf(key)) ?? NO_DRAFT,
  }

  const act: Acts = {
    openChannel: async (address) => {
      did('openChannel', address)
      return communities.find((one) => one.slug === address.community)?.channels.find((one) => one.slug === address.channel)?.roomId ?? ''
    },
    openConversation: async (key) => did('openConversation', key),
    loadOlder: async (key) => {
      did('loadOlder', key)
      const page = older.shift()
      const before = timelines.get(keyOf(key))
      if (!page || !before) return
      timelines.set(keyOf(key), { ...before, items: [...page, ...before.items], hasOlder: older.length > 0 })
      changed()
    },
    loadOlderTopics: async (roomId) => {
      did('loadOlderTopics', roomId)
      return false
    },
    markRead: async (key) => {
      did('markRead', key)
      if (key.root !== null) changeTopic(key.roomId, key.root, { unread: NONE })
      chats = chats.map((chat) => (chat.roomId === key.roomId ? { ...chat, unread: NONE } : chat))
      changed()
    },
    send: (key, message) => {
      did('send', key, message)
      sent += 1
      const added = messageOf(`~${sent}`, { sender: world.me.id, at: Date.now(), text: message.text, state: connection === 'offline' ? 'sending' : 'sent' })
      changeItems(key, (items) => [...items, said(added)])
    },
    sendFile: (key, file, alt) => did('sendFile', key, file.name, alt),
    startTopic: async (roomId, name, message, files) => {
      did('startTopic', roomId, name, message, files.map(({ file, alt }) => [file.name, alt]))
      await world.starting
      sent += 1
      const root = `$new${sent}`
      const now = Date.now()
      topics.set(roomId, [topicOf(root, { roomId, name, lastAt: now, startedAt: now, lastSender: world.me.id, lastText: message.text }), ...(topics.get(roomId) ?? [])])
      changeItems({ roomId, root }, () => [said(messageOf(`${root}-1`, { sender: world.me.id, at: now, text: message.text }))])
      return root
    },
    retry: (key, id) => did('retry', key, id),
    discard: (key, id) => {
      did('discard', key, id)
      changeItems(key, (items) => items.filter((item) => item.type !== 'message' || item.message.id !== id))
    },
    edit: async (key, id, text) => {
      did('edit', key, id, text)
      changeMessage(key, id, (message) => ({ ...message, text, html: null, edited: true }))
    },
    remove: async (key, id) => {
      did('remove', key, id)
      changeMessage(key, id, (message) => ({ ...message, deleted: true, reactions: [] }))
    },
    toggleReaction: async (key, id, emoji) => {
      did('toggleReaction', key, id, emoji)
      changeMessage(key, id, (message) => ({ ...message, reactions: toggled(message.reactions, emoji, world.me.id) }))
    },
    resolve: async (roomId, root, resolved) => {
      did('resolve', roomId, root, resolved)
      changeTopic(roomId, root, { resolved, resolvedBy: resolved ? world.me.id : null, resolvedAt: resolved ? Date.now() : null })
    },
    rename: async (roomId, root, name) => {
      did('rename', roomId, root, name)
      changeTopic(roomId, root, { name, named: true })
    },
    attend: async (roomId, root, attention) => {
      did('attend', roomId, root, attention)
      changeTopic(roomId, root, { attention })
    },
    findPeople: async (query) => {
      did('findPeople', query)
      return world.people.filter((person) => person.name.toLocaleLowerCase('da').includes(query.toLocaleLowerCase('da')))
    },
    openPrivate: async (chosen) => {
      did('openPrivate', chosen)
      return chats[0]?.roomId ?? ''
    },
    joinCommunity: async (slug, join) => {
      did('joinCommunity', slug, join)
      communities = communities.map((one) => (one.slug === slug ? { ...one, joined: join } : one))
      changed()
    },
    saveDraft: (key, draft) => {
      did('saveDraft', key, draft)
      drafts.set(keyOf(key), draft)
    },
    mediaUrl: async () => world.picture,
    nextFollowed: (after) => {
      did('nextFollowed', after)
      return null
    },
    nextUnread: (after) => {
      did('nextUnread', after)
      for (const [roomId, list] of topics) {
        const topic = list?.find((one) => one.unread.count > 0 && one.attention !== 'mute' && one.root !== after?.root)
        if (topic) return { roomId, root: topic.root }
      }
      return null
    },
    signOut: async () => did('signOut'),
    signInAgain: () => did('signInAgain'),
  }
  return {
    view, act, calls,
    receive: (key, message) => changeItems(key, (items) => [...items, said(message)]),
    connect: (next) => {
      connection = next
      changed()
    },
    upload: (id, percent) => {
      uploads.set(id, percent)
      changed()
    },
  }
}

function toggled(reactions: readonly Reaction[], emoji: string, me: string): readonly Reaction[] {
  const known = reactions.find((one) => one.emoji === emoji)
  if (!known) return [...reactions, { emoji, people: [me], mine: true }]
  const people = known.mine ? known.people.filter((id) => id !== me) : [...known.people, me]
  return reactions.flatMap((one) => (one === known ? (people.length > 0 ? [{ emoji, people, mine: !known.mine }] : []) : [one]))
}
