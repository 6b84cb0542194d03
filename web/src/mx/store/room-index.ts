/** What follows from a room's set of events: computed once for each set, the same whatever its order. */
import type { EditEvent, MessageEvent, OtherEvent, ReactionEvent, TopicEvent } from '../events'
import type { EventId } from '../model'
import { byTime, newer, threadOf, type Room, type ThreadId } from './state'

export type Line = MessageEvent | OtherEvent

export interface RoomIndex {
  /** Messages and unknown events in order of time, by thread. Headings are not in them. */
  readonly lines: ReadonlyMap<ThreadId, readonly Line[]>
  readonly headings: ReadonlyMap<EventId, MessageEvent>
  /** The edit that counts, by message. */
  readonly edits: ReadonlyMap<EventId, EditEvent>
  readonly reactions: ReadonlyMap<EventId, readonly ReactionEvent[]>
  /** Changes of a topic, oldest first, by root. */
  readonly changes: ReadonlyMap<EventId, readonly TopicEvent[]>
  /** Transaction ids of messages that this device sent: their echoes are over. */
  readonly transactions: ReadonlySet<string>
}

const indexes = new WeakMap<Room['events'], RoomIndex>()

export function indexOf(room: Room): RoomIndex {
  let index = indexes.get(room.events)
  if (index === undefined) indexes.set(room.events, (index = makeIndex(room)))
  return index
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

function makeIndex(room: Room): RoomIndex {
  const lines = new Map<ThreadId, Line[]>()
  const headings = new Map<EventId, MessageEvent>()
  const edits = new Map<EventId, EditEvent>()
  const reactions = new Map<EventId, ReactionEvent[]>()
  const changes = new Map<EventId, TopicEvent[]>()
  const transactions = new Set<string>()
  for (const event of room.events.values()) {
    if (event.kind === 'message' && event.transaction !== null) transactions.add(event.transaction)
    switch (event.kind) {
      case 'message':
        if (event.heading !== null && event.root === null) headings.set(event.id, event)
        else push(lines, threadOf(event.root), event)
        break
      case 'other':
        push(lines, threadOf(event.root), event)
        break
      case 'edit': {
        const target = room.events.get(event.target)
        const best = edits.get(event.target)
        // Until its message comes nobody can say whether the edit is the author's; it is not shown before.
        if (target?.sender === event.sender && (best === undefined || newer(event, best))) edits.set(event.target, event)
        break
      }
      case 'reaction':
        push(reactions, event.target, event)
        break
      case 'topic':
        push(changes, event.root, event)
        break
      default:
        break
    }
  }
  for (const list of lines.values()) list.sort(byTime)
  for (const list of reactions.values()) list.sort(byTime)
  for (const list of changes.values()) list.sort(byTime)
  return { lines, headings, edits, reactions, changes, transactions }
}

/** The message as it reads now. */
export function wording(index: RoomIndex, event: MessageEvent): Pick<MessageEvent, 'body' | 'html' | 'mentions'> & { edited: boolean } {
  const edit = event.deleted ? undefined : index.edits.get(event.id)
  return edit ? { ...edit, edited: true } : { body: event.body, html: event.html, mentions: event.mentions, edited: false }
}
