/** What the homeserver sends, as far as the client reads it (Matrix client-server API 1.15). */

export type Json = Readonly<Record<string, unknown>>

export interface RawEvent {
  readonly event_id: string
  readonly type: string
  readonly sender: string
  readonly origin_server_ts: number
  readonly content: Json
  readonly state_key?: string
  /** Room versions before 11; Synapse copies it here for all. */
  readonly redacts?: string
  readonly unsigned?: {
    readonly transaction_id?: string
    readonly redacted_because?: RawEvent
    readonly prev_content?: Json
    readonly 'm.relations'?: {
      readonly 'm.replace'?: RawEvent
      readonly 'm.thread'?: {
        readonly latest_event: RawEvent
        readonly count: number
        readonly current_user_participated: boolean
      }
    }
  }
}

export interface RawCount {
  readonly notification_count?: number
  readonly highlight_count?: number
}

export interface RawJoinedRoom {
  readonly state?: { readonly events?: readonly RawEvent[] }
  readonly timeline?: { readonly events?: readonly RawEvent[]; readonly limited?: boolean; readonly prev_batch?: string }
  readonly ephemeral?: { readonly events?: ReadonlyArray<{ readonly type: string; readonly content: Json }> }
  readonly account_data?: { readonly events?: ReadonlyArray<{ readonly type: string; readonly content: Json }> }
  readonly summary?: {
    readonly 'm.heroes'?: readonly string[]
    readonly 'm.joined_member_count'?: number
    readonly 'm.invited_member_count'?: number
  }
  readonly unread_notifications?: RawCount
  readonly unread_thread_notifications?: Readonly<Record<string, RawCount>>
}

export interface RawSync {
  readonly next_batch: string
  readonly account_data?: { readonly events?: ReadonlyArray<{ readonly type: string; readonly content: Json }> }
  readonly rooms?: {
    readonly join?: Readonly<Record<string, RawJoinedRoom>>
    readonly invite?: Readonly<Record<string, { readonly invite_state?: { readonly events?: readonly RawEvent[] } }>>
    readonly leave?: Readonly<Record<string, unknown>>
  }
}

/** `/relations`, `/threads` and `/messages` answer alike. */
export interface RawPage {
  readonly chunk: readonly RawEvent[]
  readonly next_batch?: string
  readonly end?: string
  readonly state?: readonly RawEvent[]
}

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
export const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
export const record = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {})
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
