/** Where events come from. `sync.ts` is Matrix sync v2; another source can take its place unnoticed. */
import type { RoomEvent, ThreadSummary } from '../events'
import type { Connection, EventId, RoomId, UserId } from '../model'
import type { Json } from '../protocol'

export type Position = string

/** Current state of one kind in a room, as it is shown; the newest wins. */
export interface StateFact {
  readonly type: string
  readonly key: string
  readonly id: EventId
  readonly at: number
  readonly sender: UserId
  readonly content: Json
}

export interface Count {
  readonly count: number
  readonly highlight: number
}

/** The person's own read position in one thread. `thread` null: an unthreaded receipt, for all of them. */
export interface ReadFact {
  readonly thread: EventId | 'main' | null
  readonly eventId: EventId
  /** When it was read. */
  readonly at: number
}

export interface RoomUpdate {
  readonly roomId: RoomId
  /** `known`: something about a room that matters only when the person is in it. */
  readonly membership: 'join' | 'invite' | 'leave' | 'known'
  readonly state: readonly StateFact[]
  readonly events: readonly RoomEvent[]
  /** There are events before these ones that the client has not seen. */
  readonly limited: boolean
  readonly summaries?: readonly ThreadSummary[]
  readonly heroes?: readonly UserId[]
  readonly joined?: number
  readonly invited?: number
  /** Unread by thread root, `main` for the rest; absent: unchanged. */
  readonly counts?: Readonly<Record<string, Count>>
  readonly read?: readonly ReadFact[]
  readonly typing?: readonly UserId[]
  /** Room account data `dk.os2.topics`. */
  readonly attention?: Readonly<Record<EventId, 'follow' | 'mute'>>
}

/** What happened, in any portion: applying it twice or late changes nothing. */
export interface Batch {
  /** Null: not from the live source (an answer to a request). */
  readonly position: Position | null
  readonly rooms: readonly RoomUpdate[]
  /** Account data `m.direct`, when it changed. */
  readonly direct?: Readonly<Record<UserId, readonly RoomId[]>>
}

export interface LiveSource {
  /** Null: the first time, whole state. */
  start(from: Position | null): void
  stop(): void
  readonly state: Connection
  onState(changed: (state: Connection) => void): void
  onBatch(take: (batch: Batch) => void): void
}
