/**
 * The store's reducer. Events are a set: two of the same are one, and the order in which they come
 * does not matter; what is shown is derived from the set (`room-index.ts`). Only counts, typing and
 * account data, which have no time of their own, are as the last batch says.
 */
import type { MessageEvent, RoomEvent, ThreadSummary } from '../events'
import type { Batch, Count, ReadFact, RoomUpdate, StateFact } from '../live/source'
import type { Person, RoomId, UserId } from '../model'
import { emptyRoom, MAIN, newer, type ReadMark, type Room, type State, type ThreadId, type Window } from './state'

function merged(known: RoomEvent | undefined, event: RoomEvent): RoomEvent {
  if (known === undefined) return event
  if (known.kind !== 'message' || event.kind !== 'message') return known
  if (known.deleted || event.deleted) return scrubbed(known)
  return known.provisional ? event : known
}

/** A deleted message keeps its place and nothing of what it said. */
function scrubbed(event: MessageEvent): MessageEvent {
  return { ...event, body: '', html: null, mentions: [], attachment: null, quotes: null, deleted: true, provisional: false }
}

function withEvents(room: Room, incoming: readonly RoomEvent[]): Pick<Room, 'events' | 'deleted'> {
  if (incoming.length === 0) return room
  const events = new Map(room.events)
  const deleted = new Set(room.deleted)
  for (const event of incoming) {
    if (event.kind === 'redaction') {
      deleted.add(event.target)
      const target = events.get(event.target)
      if (target?.kind === 'message') events.set(target.id, scrubbed(target))
      else if (target !== undefined) events.delete(target.id)
      continue
    }
    if (!deleted.has(event.id)) events.set(event.id, merged(events.get(event.id), event))
    else if (event.kind === 'message') events.set(event.id, scrubbed(event))
  }
  return { events, deleted }
}

function withFacts(room: Room, incoming: readonly StateFact[]): Room['facts'] {
  if (incoming.length === 0) return room.facts
  const facts = new Map(room.facts)
  for (const next of incoming) {
    const key = `${next.type}\n${next.key}`
    const known = facts.get(key)
    if (known === undefined || newer(next, known)) facts.set(key, next)
  }
  return facts
}

function withSummaries(room: Room, incoming: readonly ThreadSummary[]): Room['summaries'] {
  if (incoming.length === 0) return room.summaries
  const summaries = new Map(room.summaries)
  for (const next of incoming) {
    const known = summaries.get(next.root)
    const later = known === undefined || next.latestAt > known.latestAt || (next.latestAt === known.latestAt && next.messages >= known.messages)
    if (later) summaries.set(next.root, next)
  }
  return summaries
}

/** The time of an event that somebody has read, or of the reading when the event is unknown. */
function readTime(room: Room, eventId: string, readAt: number): number {
  return room.events.get(eventId)?.at ?? room.summaries.get(eventId)?.latestAt ?? readAt
}

function withReads(room: Room, incoming: readonly ReadFact[], threads: Iterable<ThreadId>): Room['read'] {
  if (incoming.length === 0) return room.read
  const read = new Map(room.read)
  const advance = (thread: ThreadId, fact: ReadFact): void => {
    const at = readTime(room, fact.eventId, fact.at)
    const known = read.get(thread)
    if (known === undefined || at >= known.at || (known.pending && known.eventId === fact.eventId)) {
      read.set(thread, { eventId: fact.eventId, at, pending: false })
    }
  }
  for (const fact of incoming) {
    if (fact.thread !== null) advance(fact.thread, fact)
    else for (const thread of new Set([MAIN, ...threads])) advance(thread, fact)
  }
  return read
}

function newestTime(events: Iterable<RoomEvent>, atLeast: number): number {
  let newest = atLeast
  for (const event of events) if (event.at > newest) newest = event.at
  return newest
}

function updatedRoom(known: Room | undefined, update: RoomUpdate): Room {
  const membership = update.membership === 'known' ? (known?.membership ?? 'leave') : update.membership
  const before = known ?? emptyRoom(update.roomId, membership)
  const { events, deleted } = withEvents(before, update.events)
  const grown: Room = {
    ...before,
    membership,
    events,
    deleted,
    facts: withFacts(before, update.state),
    summaries: withSummaries(before, update.summaries ?? []),
    heroes: update.heroes ?? before.heroes,
    joined: update.joined ?? before.joined,
    invited: update.invited ?? before.invited,
    typing: update.typing ?? before.typing,
    attention: update.attention ?? before.attention,
    topics: update.limited && before.topics.state !== 'none' ? { ...before.topics, stale: true } : before.topics,
    members: withMemberships(before.members, update.state),
  }
  const counts = update.counts
  // What a request brings was there before: the server counts it, and the client must not once more.
  const asked = update.membership === 'known' ? { countedAt: newestTime(update.events, before.countedAt) } : null
  return {
    ...grown,
    ...asked,
    read: withReads(grown, update.read ?? [], [...grown.counts.keys(), ...Object.keys(counts ?? {})]),
    ...(counts && { counts: new Map<ThreadId, Count>(Object.entries(counts)), countedAt: newestTime(events.values(), before.countedAt) }),
  }
}

function withMemberships(members: Room['members'], facts: readonly StateFact[]): Room['members'] {
  if (members === null) return null
  let found = members
  for (const { type, key, content } of facts) {
    if (type !== 'm.room.member') continue
    const inside = content['membership'] === 'join'
    if (inside !== found.includes(key)) found = inside ? [...found, key] : found.filter((one) => one !== key)
  }
  return found
}

function withStaleWindows({ windows, rooms }: State, limited: ReadonlySet<RoomId>): State['windows'] {
  if (limited.size === 0) return windows
  const next = new Map(windows)
  for (const [key, window] of windows) {
    const roomId = key.slice(0, key.indexOf('|'))
    // Of two gaps the first one counts.
    if (limited.has(roomId) && !window.stale) next.set(key, { ...window, stale: true, whole: newestTime(rooms.get(roomId)?.events.values() ?? [], 0) })
  }
  return next
}

/** Applies what happened. */
export function applyBatch(state: State, batch: Batch): State {
  const rooms = batch.rooms.length > 0 ? new Map(state.rooms) : state.rooms
  if (rooms instanceof Map) {
    for (const update of batch.rooms) {
      if (update.membership === 'leave') rooms.delete(update.roomId)
      else if (update.membership !== 'known' || rooms.has(update.roomId)) rooms.set(update.roomId, updatedRoom(rooms.get(update.roomId), update))
    }
  }
  const limited = new Set(batch.rooms.filter((update) => update.limited).map((update) => update.roomId))
  const live = batch.position !== null
  return {
    ...state,
    rooms,
    windows: withStaleWindows(state, limited),
    direct: batch.direct ?? state.direct,
    position: batch.position ?? state.position,
    ready: state.ready || live,
    outbox: state.outbox.filter((entry) => entry.eventId === null || !rooms.get(entry.roomId)?.events.has(entry.eventId)),
  }
}

export function changeRoom(state: State, roomId: RoomId, change: (room: Room) => Partial<Room>): State {
  const room = state.rooms.get(roomId)
  if (room === undefined) return state
  return { ...state, rooms: new Map(state.rooms).set(roomId, { ...room, ...change(room) }) }
}

export function changeWindow(state: State, key: string, window: Window): State {
  return { ...state, windows: new Map(state.windows).set(key, window) }
}

/** Marks a thread read here, before the server has said so. */
export function markRead(state: State, roomId: RoomId, thread: ThreadId, mark: Omit<ReadMark, 'pending'>): State {
  return changeRoom(state, roomId, (room) => {
    const known = room.read.get(thread)
    if (known !== undefined && known.at > mark.at) return {}
    return { read: new Map(room.read).set(thread, { ...mark, pending: true }) }
  })
}

export function withPeople(state: State, people: ReadonlyMap<UserId, Person>): State {
  return people.size === 0 ? state : { ...state, people: new Map([...state.people, ...people]) }
}
