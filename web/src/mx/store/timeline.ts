/** The items of one conversation: messages with their edits, reactions and quotes, notices, echoes. */
import type { MessageEvent } from '../events'
import type { ConversationKey, EventId, Message, Notice, QuotedMessage, Reaction, Timeline, TimelineItem, UserId } from '../model'
import type { OutgoingEntry } from '../outgoing'
import { indexOf, wording, type RoomIndex } from './room-index'
import { NO_WINDOW, threadOf, type Room, type Window } from './state'
import { oneLine } from './topics'

/** Sanitised HTML, or null while (or because) there is none to show. */
export type Sanitise = (html: string) => string | null

/** Resolved and reopened within this time leaves no trace. */
const UNDONE_MS = 60_000

function reactionsOf(index: RoomIndex, id: EventId, self: UserId): readonly Reaction[] {
  const people = new Map<string, UserId[]>()
  for (const { emoji, sender } of index.reactions.get(id) ?? []) {
    const list = people.get(emoji) ?? []
    if (!list.includes(sender)) people.set(emoji, [...list, sender])
  }
  return [...people].map(([emoji, list]) => ({ emoji, people: list, mine: list.includes(self) }))
}

function quotedOf(room: Room, index: RoomIndex, id: EventId | null): QuotedMessage | null {
  if (id === null) return null
  const event = room.events.get(id)
  return event?.kind === 'message' && !event.deleted
    ? { id, sender: event.sender, text: oneLine(wording(index, event).body || (event.attachment?.name ?? '')) }
    : { id, sender: null, text: '' }
}

function messageOf(room: Room, index: RoomIndex, event: MessageEvent, self: UserId, sanitise: Sanitise): Message {
  const words = wording(index, event)
  return {
    id: event.id,
    sender: event.sender,
    at: event.at,
    html: words.html === null ? null : sanitise(words.html),
    text: words.body,
    edited: words.edited,
    deleted: event.deleted,
    mentionsMe: words.mentions.includes(self),
    quoted: quotedOf(room, index, event.quotes),
    attachment: event.attachment,
    reactions: event.deleted ? [] : reactionsOf(index, event.id, self),
    state: 'sent',
    failure: null,
  }
}

function echoOf(room: Room, index: RoomIndex, entry: OutgoingEntry, self: UserId): Message {
  const { file } = entry
  return {
    id: entry.id,
    sender: self,
    at: entry.at,
    html: null,
    text: entry.text,
    edited: false,
    deleted: false,
    mentionsMe: false,
    quoted: quotedOf(room, index, entry.quoting),
    attachment: file && {
      kind: file.mimetype.startsWith('image/') ? 'image' : 'file',
      name: file.name, mxc: file.mxc ?? '', mimetype: file.mimetype, size: file.size, width: file.width, height: file.height, alt: file.alt,
    },
    reactions: [],
    state: entry.failure === null ? 'sending' : 'failed',
    failure: entry.failure,
  }
}

/** Lines about the topic itself, out of its changes. */
export function noticesOf(index: RoomIndex, root: EventId, startName: string | null): readonly Notice[] {
  const notices: Notice[] = []
  let name = startName
  let resolved = false
  const [first] = index.changes.get(root) ?? []
  if (first?.before) {
    resolved = first.before.resolved
    name = first.before.name ?? startName
  }
  for (const change of index.changes.get(root) ?? []) {
    const { id, at, sender } = change
    const nextName = change.name ?? startName
    if (nextName !== name && nextName !== null) notices.push({ id: `${id}:name`, at, sender, kind: 'renamed', text: nextName })
    if (change.resolved !== resolved) {
      const last = notices.at(-1)
      const undone = !change.resolved && last?.kind === 'resolved' && at - last.at < UNDONE_MS
      if (undone) notices.pop()
      else notices.push({ id, at, sender, kind: change.resolved ? 'resolved' : 'reopened', text: '' })
    }
    name = nextName
    resolved = change.resolved
  }
  return notices
}

export interface TimelineInputs {
  readonly room: Room | undefined
  readonly window: Window | undefined
  readonly outbox: readonly OutgoingEntry[]
  readonly self: UserId
  readonly sanitise: Sanitise
}

export function timelineOf(key: ConversationKey, { room, window = NO_WINDOW, outbox, self, sanitise }: TimelineInputs): Timeline {
  const items: TimelineItem[] = []
  if (room) {
    const index = indexOf(room)
    const start = key.root === null ? undefined : room.events.get(key.root)
    const wholeStart = window.older === null && window.from !== NO_WINDOW.from
    // A thread that another client started on a message begins with that message.
    if (start?.kind === 'message' && start.heading === null && wholeStart) items.push({ type: 'message', message: messageOf(room, index, start, self, sanitise) })
    for (const line of index.lines.get(threadOf(key.root)) ?? []) {
      if (line.at < window.from) continue
      if (line.kind === 'message') items.push({ type: 'message', message: messageOf(room, index, line, self, sanitise) })
      else items.push({ type: 'notice', notice: { id: line.id, at: line.at, sender: line.sender, kind: 'unknown', text: line.type } })
    }
    if (key.root !== null && window.from !== NO_WINDOW.from) {
      const heading = start?.kind === 'message' ? start.heading : null
      for (const notice of noticesOf(index, key.root, heading)) if (notice.at >= window.from) items.push({ type: 'notice', notice })
      items.sort((a, b) => timeOf(a) - timeOf(b))
    }
    for (const entry of outbox) {
      const here = entry.roomId === key.roomId && entry.root === key.root && entry.heading === null && entry.after === null
      if (here && !index.transactions.has(entry.id)) items.push({ type: 'message', message: echoOf(room, index, entry, self) })
    }
  }
  return {
    items,
    hasOlder: window.older !== null,
    loading: window.loading,
    failed: window.failed,
    firstUnread: window.firstUnread,
    readUpTo: window.readUpTo,
  }
}

const timeOf = (item: TimelineItem): number => (item.type === 'message' ? item.message.at : item.notice.at)
