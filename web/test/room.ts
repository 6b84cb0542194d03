/** Events as the homeserver sends them, for tests. */
import type { RawEvent, RawSync } from '../src/mx/protocol'

export const ME = '@me:localhost'
export const ANNA = '@anna:localhost'
export const BO = '@bo:localhost'
export const ROOM = '!room'

type More = Partial<Omit<RawEvent, 'content'>> & { content?: Record<string, unknown> }

let count = 0

export function raw(type: string, at: number, more: More = {}): RawEvent {
  return { event_id: `$${type}-${at}-${++count}`, type, sender: ANNA, origin_server_ts: at, content: {}, ...more }
}

export const message = (id: string, at: number, content: Record<string, unknown> = {}, more: More = {}): RawEvent =>
  raw('m.room.message', at, { event_id: id, content: { msgtype: 'm.text', body: id, ...content }, ...more })

export const heading = (id: string, at: number, name: string, more: More = {}): RawEvent =>
  message(id, at, { msgtype: 'm.notice', body: name, 'dk.os2.topic': { name }, 'm.mentions': {} }, more)

export const inThread = (root: string): Record<string, unknown> => ({
  'm.relates_to': { rel_type: 'm.thread', event_id: root, is_falling_back: true, 'm.in_reply_to': { event_id: root } },
})

export const edit = (id: string, at: number, target: string, body: string, more: More = {}): RawEvent =>
  message(id, at, { body: `* ${body}`, 'm.new_content': { msgtype: 'm.text', body }, 'm.relates_to': { rel_type: 'm.replace', event_id: target } }, more)

export const reaction = (id: string, at: number, target: string, emoji: string, more: More = {}): RawEvent =>
  raw('m.reaction', at, { event_id: id, content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: target, key: emoji } }, ...more })

export const redaction = (id: string, at: number, target: string, more: More = {}): RawEvent =>
  raw('m.room.redaction', at, { event_id: id, content: { redacts: target }, ...more })

export const topicState = (id: string, at: number, root: string, content: Record<string, unknown>, more: More = {}): RawEvent =>
  raw('dk.os2.topic', at, { event_id: id, state_key: root, content, ...more })

export const channelState = (content: Record<string, unknown> = {}): readonly RawEvent[] => [
  raw('m.room.create', 1, { state_key: '', sender: '@samtale:localhost', content: { room_version: '12' } }),
  raw('dk.os2.channel', 2, { state_key: '', sender: '@samtale:localhost', content: { community: 'os2display', channel: 'support', kind: 'open', ...content } }),
  raw('m.room.power_levels', 3, { state_key: '', sender: '@samtale:localhost', content: { users: { [BO]: 50 } } }),
]

export interface SyncParts {
  readonly state?: readonly RawEvent[]
  readonly events?: readonly RawEvent[]
  readonly counts?: Readonly<Record<string, number>>
  readonly limited?: boolean
  readonly ephemeral?: ReadonlyArray<{ type: string; content: Record<string, unknown> }>
  readonly attention?: Record<string, string>
}

export function sync(position: string, parts: SyncParts = {}): RawSync {
  const { main, ...threads } = parts.counts ?? {}
  return {
    next_batch: position,
    rooms: {
      join: {
        [ROOM]: {
          state: { events: parts.state ?? [] },
          timeline: { events: parts.events ?? [], limited: parts.limited ?? false, prev_batch: 'p' },
          ephemeral: { events: parts.ephemeral ?? [] },
          account_data: { events: parts.attention ? [{ type: 'dk.os2.topics', content: parts.attention }] : [] },
          ...(parts.counts && {
            unread_notifications: { notification_count: main ?? 0, highlight_count: 0 },
            unread_thread_notifications: Object.fromEntries(Object.entries(threads).map(([root, n]) => [root, { notification_count: n, highlight_count: 0 }])),
          }),
        },
      },
    },
  }
}
