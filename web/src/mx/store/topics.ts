/** Topics of a channel, derived from its threads, headings and `dk.os2.topic` state. */
import type { EventId, Topic, UserId } from '../model'
import type { MessageEvent } from '../events'
import { indexOf, wording, type Line } from './room-index'
import type { Room } from './state'
import { movedTo } from './rooms'
import { unreadOf } from './unread'

const PREVIEW = 140

export function oneLine(text: string, length = PREVIEW): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const letters = Array.from(line)
  return letters.length > length ? `${letters.slice(0, length - 1).join('').trimEnd()}…` : line
}

/** Roots of everything that is a topic: headings, threads, and what has been named. */
function roots(room: Room): ReadonlySet<EventId> {
  const index = indexOf(room)
  const found = new Set<EventId>(index.headings.keys())
  for (const root of room.summaries.keys()) found.add(root)
  for (const thread of index.lines.keys()) if (thread !== 'main') found.add(thread)
  return found
}

function newestMessage(lines: readonly Line[]): MessageEvent | null {
  return lines.findLast((line): line is MessageEvent => line.kind === 'message' && !line.deleted) ?? null
}

export function topicOf(room: Room, root: EventId, self: UserId): Topic | null {
  const index = indexOf(room)
  const start = room.events.get(root)
  if (start?.kind !== 'message') return null
  const lines = index.lines.get(root) ?? []
  const summary = room.summaries.get(root)
  const newest = newestMessage(lines)
  const changes = index.changes.get(root) ?? []
  const now = changes.at(-1)
  const given = now?.name ?? start.heading
  const fresh = lines.filter((line) => line.kind === 'message' && !line.deleted && (summary === undefined || line.at > summary.latestAt)).length
  const unread = unreadOf(room, root, self)
  const spoken = lines.filter((line) => line.kind === 'message')
  // The server may have counted more than has come here yet.
  const messages = Math.max((summary?.messages ?? 0) + fresh, unread.count)
  // A heading whose first message has not come yet is shown to its author only.
  if (messages === 0 && start.heading !== null && start.sender !== self) return null
  if (messages === 0 && start.heading === null) return null
  const latest = newest ?? start
  const people = [...new Set([...spoken.toReversed().map((line) => line.sender), start.sender])]
  const resolver = now?.resolved ? now : undefined
  return {
    roomId: room.id,
    root,
    name: given ?? (oneLine(wording(index, start).body, 60) || '…'),
    named: given !== null,
    resolved: resolver !== undefined,
    resolvedBy: resolver?.sender ?? null,
    resolvedAt: resolver?.at ?? null,
    startedBy: start.sender,
    startedAt: start.at,
    lastAt: Math.max(latest.at, summary?.latestAt ?? 0),
    lastSender: latest.sender,
    lastText: newest ? oneLine(wording(index, newest).body || (newest.attachment?.name ?? '')) : '',
    messages,
    unread,
    participants: people,
    participantsWhole: spoken.filter((line) => !line.deleted).length >= messages,
    participated: (summary?.participated ?? false) || people.includes(self),
    attention: room.attention[root] ?? null,
    mentioned: unread.highlight > 0,
  }
}

/** Newest first. */
export function topicsOf(room: Room, self: UserId): readonly Topic[] {
  const found: Topic[] = []
  for (const root of roots(room)) {
    const topic = movedTo(room, root, self) === null ? topicOf(room, root, self) : null
    if (topic) found.push(topic)
  }
  return found.sort((a, b) => b.lastAt - a.lastAt || (a.root < b.root ? 1 : -1))
}

/** Roots that threads and counts speak of and that are not here yet. */
export function missingRoots(room: Room): readonly EventId[] {
  const missing = new Set<EventId>()
  for (const thread of indexOf(room).lines.keys()) if (thread !== 'main' && !room.events.has(thread)) missing.add(thread)
  for (const [thread, { count }] of room.counts) if (thread !== 'main' && count > 0 && !room.events.has(thread)) missing.add(thread)
  return [...missing].filter((id) => !room.deleted.has(id))
}
