/** Matrix sync v2 (spec 1.15, "Syncing") as a LiveSource: one filtered long-poll. */
import { Cancelled, SignedOut, Unreachable } from '../errors'
import { parseEvents } from '../events'
import { pause, type Http } from '../http'
import type { Connection, UserId } from '../model'
import { number, record, text, texts, type Json, type RawEvent, type RawJoinedRoom, type RawSync } from '../protocol'
import type { Batch, Count, LiveSource, Position, ReadFact, RoomUpdate, StateFact } from './source'

const POLL_MS = 30_000
const LONGEST_PAUSE_MS = 30_000

/** State the client shows; everything else stays on the server. */
export const STATE_TYPES = [
  'm.room.create', 'm.room.name', 'm.room.topic', 'm.room.member', 'm.room.power_levels', 'm.room.tombstone',
  'dk.os2.topic', 'dk.os2.topic.moved', 'dk.os2.channel', 'dk.os2.community',
] as const

const FIRST_LIMIT = 1
const LIMIT = 50

export function filterFor(first: boolean): string {
  return JSON.stringify({
    presence: { not_types: ['*'] },
    account_data: { types: ['m.direct'] },
    room: {
      state: { types: STATE_TYPES, lazy_load_members: true },
      timeline: { limit: first ? FIRST_LIMIT : LIMIT, lazy_load_members: true, unread_thread_notifications: true },
      ephemeral: { types: ['m.receipt', 'm.typing'] },
      account_data: { types: ['dk.os2.topics'] },
    },
  })
}

const KEPT_STATE: ReadonlySet<string> = new Set(STATE_TYPES.filter((type) => type !== 'dk.os2.topic'))

export function stateFacts(raws: readonly RawEvent[]): StateFact[] {
  return raws
    .filter((raw) => raw.state_key !== undefined && KEPT_STATE.has(raw.type))
    .map((raw) => ({
      type: raw.type, key: raw.state_key ?? '', id: raw.event_id, at: raw.origin_server_ts, sender: raw.sender, content: record(raw.content),
    }))
}

function countOf(raw: { readonly notification_count?: number; readonly highlight_count?: number } | undefined): Count {
  return { count: raw?.notification_count ?? 0, highlight: raw?.highlight_count ?? 0 }
}

function countsOf(room: RawJoinedRoom): Record<string, Count> | undefined {
  if (room.unread_notifications === undefined && room.unread_thread_notifications === undefined) return undefined
  const counts: Record<string, Count> = { main: countOf(room.unread_notifications) }
  for (const [root, count] of Object.entries(room.unread_thread_notifications ?? {})) counts[root] = countOf(count)
  return counts
}

/** Own receipts out of `m.receipt`, public and private. */
function readFacts(content: Json, self: UserId): ReadFact[] {
  const facts: ReadFact[] = []
  for (const [eventId, byType] of Object.entries(content)) {
    for (const type of ['m.read', 'm.read.private']) {
      const mine = record(record(record(byType)[type])[self])
      const at = number(mine['ts'])
      if (at !== null) facts.push({ thread: text(mine['thread_id']), eventId, at })
    }
  }
  return facts
}

export function attentionOf(content: Json): Record<string, 'follow' | 'mute'> {
  const found: Record<string, 'follow' | 'mute'> = {}
  for (const [root, value] of Object.entries(content)) if (value === 'follow' || value === 'mute') found[root] = value
  return found
}

function joinedRoom(roomId: string, raw: RawJoinedRoom, self: UserId): RoomUpdate {
  const state = raw.state?.events ?? []
  const timeline = raw.timeline?.events ?? []
  const ephemeral = raw.ephemeral?.events ?? []
  const counts = countsOf(raw)
  const heroes = raw.summary?.['m.heroes']
  const joined = raw.summary?.['m.joined_member_count']
  const invited = raw.summary?.['m.invited_member_count']
  const typing = ephemeral.findLast((event) => event.type === 'm.typing')
  const attention = raw.account_data?.events?.findLast((event) => event.type === 'dk.os2.topics')
  return {
    roomId,
    membership: 'join',
    state: stateFacts([...state, ...timeline]),
    events: parseEvents([...state.filter((event) => event.type === 'dk.os2.topic'), ...timeline]),
    limited: raw.timeline?.limited === true,
    read: ephemeral.filter((event) => event.type === 'm.receipt').flatMap((event) => readFacts(record(event.content), self)),
    ...(counts && { counts }),
    ...(heroes && { heroes }),
    ...(joined !== undefined && { joined }),
    ...(invited !== undefined && { invited }),
    ...(typing && { typing: texts(record(typing.content)['user_ids']) }),
    ...(attention && { attention: attentionOf(record(attention.content)) }),
  }
}

export function directOf(content: Json): Record<UserId, readonly string[]> {
  return Object.fromEntries(Object.entries(content).map(([user, rooms]) => [user, texts(rooms)]))
}

export function batchOf(raw: RawSync, self: UserId): Batch {
  const rooms: RoomUpdate[] = Object.entries(raw.rooms?.join ?? {}).map(([id, room]) => joinedRoom(id, room, self))
  for (const [roomId, room] of Object.entries(raw.rooms?.invite ?? {})) {
    // Stripped state has neither an id nor a time.
    const state = (room.invite_state?.events ?? []).map((event) => ({ ...event, event_id: '', origin_server_ts: 0 }))
    rooms.push({ roomId, membership: 'invite', state: stateFacts(state), events: [], limited: false })
  }
  for (const roomId of Object.keys(raw.rooms?.leave ?? {})) rooms.push({ roomId, membership: 'leave', state: [], events: [], limited: false })
  const direct = raw.account_data?.events?.findLast((event) => event.type === 'm.direct')
  return { position: raw.next_batch, rooms, ...(direct && { direct: directOf(record(direct.content)) }) }
}

export class SyncSource implements LiveSource {
  readonly #http: Http
  readonly #self: UserId
  readonly #takers: Array<(batch: Batch) => void> = []
  readonly #watchers: Array<(state: Connection) => void> = []
  #running: AbortController | null = null
  #state: Connection = 'connecting'

  constructor(http: Http, self: UserId) {
    this.#http = http
    this.#self = self
  }

  get state(): Connection {
    return this.#state
  }

  onState(changed: (state: Connection) => void): void {
    this.#watchers.push(changed)
  }

  onBatch(take: (batch: Batch) => void): void {
    this.#takers.push(take)
  }

  start(from: Position | null): void {
    if (this.#running) return
    this.#running = new AbortController()
    void this.#follow(from, this.#running.signal)
  }

  stop(): void {
    this.#running?.abort()
    this.#running = null
  }

  #become(state: Connection): void {
    if (state === this.#state) return
    this.#state = state
    for (const watcher of this.#watchers) watcher(state)
  }

  async #follow(from: Position | null, signal: AbortSignal): Promise<void> {
    let position = from
    // After a break the first answer comes at once, so that "live" is said as soon as it is true.
    let behind = true
    let failures = 0
    while (!signal.aborted) {
      try {
        const answer = await this.#ask(position, behind ? 0 : POLL_MS, signal)
        const batch = batchOf(answer, this.#self)
        position = batch.position
        for (const take of this.#takers) take(batch)
        behind = false
        failures = 0
        this.#become('live')
      } catch (error) {
        if (signal.aborted || error instanceof Cancelled) return
        if (error instanceof SignedOut) return this.#become('signed-out')
        this.#become(error instanceof Unreachable ? 'offline' : 'behind')
        behind = true
        failures += 1
        await this.#breathe(failures, signal)
      }
    }
  }

  /** One request. The loss of the network ends it at once; the browser itself may hold on to it for a minute. */
  async #ask(position: Position | null, timeout: number, signal: AbortSignal): Promise<RawSync> {
    const lost = new AbortController()
    const lose = (): void => lost.abort()
    globalThis.addEventListener('offline', lose)
    try {
      return await this.#http.json<RawSync>({
        path: '/_matrix/client/v3/sync',
        query: { filter: filterFor(position === null), timeout: String(timeout), set_presence: 'offline', since: position ?? undefined },
        patience: POLL_MS * 2,
        rateLimitTries: 0,
        signal: AbortSignal.any([signal, lost.signal]),
      })
    } catch (error) {
      throw lost.signal.aborted && !signal.aborted ? new Unreachable() : error
    } finally {
      globalThis.removeEventListener('offline', lose)
    }
  }

  /** Waits longer after each failure, never in step with other browsers; the network's return ends it. */
  async #breathe(failures: number, signal: AbortSignal): Promise<void> {
    const longest = Math.min(1000 * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS)
    const woken = new AbortController()
    const wake = (): void => woken.abort()
    globalThis.addEventListener('online', wake)
    await pause(longest * (0.5 + Math.random() / 2), AbortSignal.any([signal, woken.signal])).catch(() => undefined)
    globalThis.removeEventListener('online', wake)
  }
}
