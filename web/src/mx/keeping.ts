/** Keeps the store in IndexedDB, so that the next visit begins with what the last one knew. */
import type { Database } from './db'
import type { RoomEvent } from './events'
import type { Draft, Me } from './model'
import { byTime, type Room, type State, type Window } from './store/state'
import type { Store } from './store/store'

const SETTLE_MS = 1500
/** A room keeps this many of its newest events besides its topics' roots. */
const EVENTS_KEPT = 300
/** Rooms lie by id; this one name holds what belongs to all of them. */
const WHOLE = ''

interface Whole {
  readonly position: State['position']
  readonly direct: State['direct']
  readonly windows: State['windows']
}

function isLasting(event: RoomEvent, room: Room): boolean {
  return event.kind === 'topic' || room.summaries.has(event.id) || (event.kind === 'message' && event.heading !== null)
}

/** The room as it is kept; whole unless it has grown large. */
export function trimmed(room: Room): Room {
  const lasting = room.events.size > EVENTS_KEPT ? [...room.events.values()].filter((event) => isLasting(event, room)) : []
  if (room.events.size - lasting.length <= EVENTS_KEPT) return room
  const newest = [...room.events.values()].filter((event) => !isLasting(event, room)).sort(byTime).slice(-EVENTS_KEPT)
  return { ...room, events: new Map([...lasting, ...newest].map((event) => [event.id, event])), deleted: new Set() }
}

function keptWindows(windows: State['windows'], whole: ReadonlySet<string>): Map<string, Window> {
  const kept = new Map<string, Window>()
  for (const [key, window] of windows) {
    // What a trimmed room no longer holds is fetched anew.
    const roomId = key.slice(0, key.indexOf('|'))
    if (whole.has(roomId) && Number.isFinite(window.from)) kept.set(key, { ...window, loading: false, failed: false })
  }
  return kept
}

export class Keeping {
  readonly #database: Database
  readonly #store: Store
  #saved = new Map<string, Room>()
  #stop: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #wanted = false

  constructor(database: Database, store: Store) {
    this.#database = database
    this.#store = store
  }

  /** Puts into the store what was kept. */
  async restore(): Promise<void> {
    const kept = await this.#database.all<Room | Whole>('rooms')
    const whole = kept.get(WHOLE) as Whole | undefined
    kept.delete(WHOLE)
    const communities = await this.#database.get<State['communities']>('kept', 'communities')
    const drafts = await this.#database.all<Draft>('drafts')
    const rooms = new Map<string, Room>()
    for (const [id, room] of kept as Map<string, Room>) {
      const topics = room.topics.state === 'loading' ? { ...room.topics, state: 'none' as const } : room.topics
      rooms.set(id, { ...room, topics, typing: [] })
    }
    this.#saved = new Map(rooms)
    this.#store.change((state) => ({
      ...state,
      drafts,
      ...(communities && { communities }),
      ...(whole && { position: whole.position, direct: whole.direct, windows: whole.windows, rooms, ready: whole.position !== null }),
    }))
  }

  /** From now on this tab writes. */
  start(): void {
    if (this.#stop) return
    const unsubscribe = this.#store.subscribe(() => this.#soon())
    const hurry = (): void => void (document.visibilityState === 'hidden' && this.#write())
    document.addEventListener('visibilitychange', hurry)
    this.#stop = () => {
      unsubscribe()
      document.removeEventListener('visibilitychange', hurry)
      clearTimeout(this.#timer)
    }
  }

  stop(): void {
    this.#stop?.()
    this.#stop = null
  }

  #soon(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#timer = setTimeout(() => void this.#write(), SETTLE_MS)
  }

  /** Rooms and position go in one transaction: after a crash they belong together. */
  async #write(): Promise<void> {
    this.#wanted = false
    const { rooms, position, direct, windows, communities } = this.#store.state
    if (position === null) return
    const whole = new Set<string>()
    const entries: Array<[string, unknown]> = []
    for (const [id, room] of rooms) {
      const kept = trimmed(room)
      if (kept === room) whole.add(id)
      if (this.#saved.get(id) !== room) entries.push([id, kept])
    }
    const gone = [...this.#saved.keys()].filter((id) => !rooms.has(id))
    entries.push([WHOLE, { position, direct, windows: keptWindows(windows, whole) } satisfies Whole])
    this.#saved = new Map(rooms)
    await this.#database.putAll('rooms', entries).catch(() => (this.#saved = new Map()))
    await this.#database.put('kept', 'communities', communities).catch(() => undefined)
    for (const id of gone) await this.#database.remove('rooms', id).catch(() => undefined)
  }
}

interface KeptMe {
  readonly me: Me
  readonly deviceId: string
}

/** Who is signed in on this device, as it was known last. `deviceId` null: who was, now that the session has ended. */
export async function keptMe(database: Database, deviceId: string | null): Promise<Me | null> {
  const kept = await database.get<KeptMe>('kept', 'me')
  return kept && (deviceId === null || kept.deviceId === deviceId) ? kept.me : null
}

/** Another person's data is gone before this one's is shown. */
export async function keepMe(database: Database, me: Me, deviceId: string): Promise<void> {
  const before = await database.get<KeptMe>('kept', 'me')
  if (before && before.me.id !== me.id) await database.clear(['kept', 'rooms', 'people', 'outbox', 'drafts'])
  await database.put('kept', 'me', { me, deviceId } satisfies KeptMe)
}
