/** Unread counts: the server's, and in between the client's own by the same rule. */
import type { EventId, Unread, UserId } from '../model'
import { indexOf, wording, type Line } from './room-index'
import { isPrivate, movedTo } from './rooms'
import { MAIN, threadOf, type Room, type ThreadId } from './state'

const NONE: Unread = { count: 0, highlight: 0 }

/** Own messages and notices count as unread for nobody; nor does what has been deleted. */
export function counts(line: Line, self: UserId): boolean {
  return line.kind === 'message' && line.sender !== self && !line.notice && !line.deleted
}

function since(room: Room, thread: ThreadId, time: number, self: UserId): Unread {
  const index = indexOf(room)
  let count = 0
  let highlight = 0
  const lines = index.lines.get(thread) ?? []
  for (let n = lines.length - 1; n >= 0; n--) {
    const line = lines[n]
    if (line === undefined || line.at <= time) break
    if (!counts(line, self) || line.kind !== 'message') continue
    count += 1
    if (wording(index, line).mentions.includes(self)) highlight += 1
  }
  return { count, highlight }
}

/** Unread of one thread of a room (`main`: its general chat). */
export function unreadOf(room: Room, thread: ThreadId, self: UserId): Unread {
  const mark = room.read.get(thread)
  if (isPrivate(room)) {
    const { count } = mark?.pending ? since(room, thread, mark.at, self) : counted(room, thread, self)
    // The server counts nothing from before one has joined, so not the words somebody starts a chat with.
    const all = mark === undefined ? Math.max(count, since(room, thread, lastOwn(room, thread, self), self).count) : count
    return { count: all, highlight: all }
  }
  return mark?.pending ? since(room, thread, mark.at, self) : counted(room, thread, self)
}

function counted(room: Room, thread: ThreadId, self: UserId): Unread {
  return sum(room.counts.get(thread), since(room, thread, Math.max(room.countedAt, room.read.get(thread)?.at ?? 0), self))
}

function lastOwn(room: Room, thread: ThreadId, self: UserId): number {
  return indexOf(room).lines.get(thread)?.findLast((line) => line.sender === self)?.at ?? 0
}

function sum(a: Unread = NONE, b: Unread = NONE): Unread {
  return { count: a.count + b.count, highlight: a.highlight + b.highlight }
}

/**
 * The newest event of a thread that a receipt can name; null while none is known. Of a topic that was never opened the
 * list tells it. A deleted message has lost its thread: Synapse refuses a receipt for it.
 */
export function newestOf(room: Room, thread: ThreadId): { readonly id: EventId; readonly at: number } | null {
  const line = indexOf(room).lines.get(thread)?.findLast((one) => one.kind !== 'message' || !one.deleted) ?? null
  const told = room.summaries.get(thread)
  if (told === undefined || room.deleted.has(told.latestId) || told.latestAt <= (line?.at ?? 0)) return line
  return { id: told.latestId, at: told.latestAt }
}

/** Threads that may hold something unread. */
export function unreadThreads(room: Room): readonly ThreadId[] {
  const threads = new Set<ThreadId>([MAIN])
  for (const [thread, { count }] of room.counts) if (count > 0) threads.add(thread)
  for (const [thread, lines] of indexOf(room).lines) if ((lines.at(-1)?.at ?? 0) > room.countedAt) threads.add(thread)
  return [...threads]
}

/** Summed over a room; a muted topic is in no sum, nor is one that has moved. */
export function unreadOfRoom(room: Room, self: UserId): Unread {
  let total = NONE
  for (const thread of unreadThreads(room)) {
    if (room.attention[thread] !== 'mute' && movedTo(room, thread, self) === null) total = sum(total, unreadOf(room, thread, self))
  }
  return total
}

/** The first unread line of a conversation: as many from the end as were `unread`. */
export function firstUnreadOf(room: Room, root: EventId | null, self: UserId, unread: number): { id: EventId | null; readUpTo: number } {
  const thread = threadOf(root)
  const lines = indexOf(room).lines.get(thread) ?? []
  let left = unread
  if (left === 0) return { id: null, readUpTo: lines.at(-1)?.at ?? 0 }
  let first = lines.length
  for (let n = lines.length - 1; n >= 0 && left > 0; n--) {
    const line = lines[n]
    if (line && counts(line, self)) {
      left -= 1
      first = n
    }
  }
  return { id: lines[first]?.id ?? null, readUpTo: lines[first - 1]?.at ?? 0 }
}
