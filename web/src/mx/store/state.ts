/** What the client knows. Plain, immutable, cloneable data: it crosses tabs and survives in IndexedDB. */
import type { RoomEvent, ThreadSummary } from '../events'
import type { Count, Position, StateFact } from '../live/source'
import type { Community, Connection, ConversationKey, Draft, EventId, Me, Person, RoomId, SendState, UserId } from '../model'
import type { OutgoingEntry } from '../outgoing'

/** `main`, or a thread's root: receipts and counts are kept by these. */
export type ThreadId = string
export const MAIN = 'main'
export const threadOf = (root: EventId | null): ThreadId => root ?? MAIN

export interface ReadMark {
  readonly eventId: EventId
  readonly at: number
  /** Set here and not yet seen in the live source: until then the client counts by itself. */
  readonly pending: boolean
}

export interface Room {
  readonly id: RoomId
  readonly membership: 'join' | 'invite' | 'leave'
  /** By `type` and state key, as `type\nkey`. */
  readonly facts: ReadonlyMap<string, StateFact>
  readonly events: ReadonlyMap<EventId, RoomEvent>
  /** Ids that have been deleted, also of events that have not come yet. */
  readonly deleted: ReadonlySet<EventId>
  readonly summaries: ReadonlyMap<EventId, ThreadSummary>
  readonly heroes: readonly UserId[]
  readonly joined: number
  readonly invited: number
  readonly counts: ReadonlyMap<ThreadId, Count>
  /** Time of the newest event when `counts` came. */
  readonly countedAt: number
  readonly read: ReadonlyMap<ThreadId, ReadMark>
  readonly typing: readonly UserId[]
  readonly attention: Readonly<Record<EventId, 'follow' | 'mute'>>
  /** Everybody in the room, once asked for. */
  readonly members: readonly UserId[] | null
  readonly topics: TopicList
}

/** How much of a channel's topic list has been fetched. */
export interface TopicList {
  readonly state: 'none' | 'loading' | 'there' | 'failed'
  /** Token for older topics; null when there are none. */
  readonly older: string | null
  /** Something may have been missed since. */
  readonly stale: boolean
}

/** The part of a conversation that is known without a hole: everything from `from` until now. */
export interface Window {
  readonly from: number
  readonly older: string | null
  readonly loading: boolean
  readonly failed: boolean
  /** Events were missed: the newest page must be fetched. */
  readonly stale: boolean
  /** While stale: the time until which nothing is missing. */
  readonly whole: number
  /** Unread when it was opened: where the red line stands. */
  readonly firstUnread: EventId | null
  readonly readUpTo: number
}

export interface State {
  readonly me: Me
  readonly connection: Connection
  readonly ready: boolean
  readonly position: Position | null
  readonly rooms: ReadonlyMap<RoomId, Room>
  readonly direct: Readonly<Record<UserId, readonly RoomId[]>>
  readonly communities: readonly Community[]
  readonly people: ReadonlyMap<UserId, Person>
  readonly windows: ReadonlyMap<string, Window>
  readonly outbox: readonly OutgoingEntry[]
  /** How much of each file that is on its way has been sent, in whole percent, by its entry. */
  readonly uploads: ReadonlyMap<string, number>
  readonly drafts: ReadonlyMap<string, Draft>
}

export type { SendState }

export const keyOf = (key: ConversationKey): string => `${key.roomId}|${key.root ?? ''}`

export function conversationOf(key: string): ConversationKey {
  const cut = key.indexOf('|')
  return { roomId: key.slice(0, cut), root: key.slice(cut + 1) || null }
}

export function emptyRoom(id: RoomId, membership: Room['membership']): Room {
  return {
    id,
    membership,
    facts: new Map(),
    events: new Map(),
    deleted: new Set(),
    summaries: new Map(),
    heroes: [],
    joined: 0,
    invited: 0,
    counts: new Map(),
    countedAt: 0,
    read: new Map(),
    typing: [],
    attention: {},
    members: null,
    topics: { state: 'none', older: null, stale: false },
  }
}

export const NO_WINDOW: Window = {
  from: Number.POSITIVE_INFINITY, older: null, loading: false, failed: false, stale: true, whole: -1, firstUnread: null, readUpTo: 0,
}

export function emptyState(me: Me): State {
  return {
    me,
    connection: 'connecting',
    ready: false,
    position: null,
    rooms: new Map(),
    direct: {},
    communities: [],
    people: new Map(),
    windows: new Map(),
    outbox: [],
    uploads: new Map(),
    drafts: new Map(),
  }
}

export const newer = (a: { at: number; id: string }, b: { at: number; id: string }): boolean =>
  a.at > b.at || (a.at === b.at && a.id > b.id)

export const byTime = (a: { at: number; id: string }, b: { at: number; id: string }): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

export function fact(room: Room, type: string, key = ''): StateFact | null {
  return room.facts.get(`${type}\n${key}`) ?? null
}
