/**
 * What is to be sent. Everything lies in IndexedDB from the moment it is written until the server has
 * it, so a closed laptop loses nothing; the leading tab sends, in order within each conversation.
 */
import { contentOf, type NameOf } from './compose'
import type { Database } from './db'
import { Cancelled, MxError, worthRetrying } from './errors'
import { parseEvents } from './events'
import type { Http } from './http'
import type { Batch } from './live/source'
import type { Media } from './media'
import type { EventId } from './model'
import type { OutgoingEntry } from './outgoing'
import { indexOf } from './store/room-index'
import { threadOf, type State } from './store/state'
import type { Store } from './store/store'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000

interface Kept {
  readonly entry: OutgoingEntry
  readonly blob: Blob | null
}

export interface OutboxParts {
  readonly database: Pick<Database, 'all' | 'get' | 'put' | 'change' | 'remove'>
  readonly http: Pick<Http, 'json'>
  readonly media: Pick<Media, 'upload'>
  readonly store: Store
  readonly nameOf: NameOf
  /** Applies in all tabs. */
  readonly share: (batch: Batch) => void
  /** Shows in all tabs how far the files on their way are. */
  readonly shareUploads: (uploads: State['uploads']) => void
  /** Tells the other tabs that the stored outbox has changed. */
  readonly announce: () => void
}

/** Entries of one lane go one after the other. */
const laneOf = (entry: OutgoingEntry): string => (entry.heading !== null ? entry.id : `${entry.roomId}|${entry.after ?? entry.root ?? ''}`)

export class Outbox {
  readonly #parts: OutboxParts
  readonly #unsaved = new Map<string, OutgoingEntry>()
  readonly #busy = new Set<string>()
  /** Files on their way, by entry. */
  readonly #uploads = new Map<string, AbortController>()
  readonly #pauses = new Map<string, number>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #sending = false

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** From now on this tab sends. */
  async start(): Promise<void> {
    this.#sending = true
    globalThis.addEventListener('online', this.#hurry)
    await this.reload()
  }

  stop(): void {
    this.#sending = false
    globalThis.removeEventListener('online', this.#hurry)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Shows it at once, keeps it, and has it sent. */
  add(entry: OutgoingEntry, blob: Blob | null = null): void {
    this.#unsaved.set(entry.id, entry)
    this.#set((outbox) => [...outbox, entry])
    void this.#parts.database
      .put('outbox', entry.id, { entry, blob } satisfies Kept)
      .then(() => this.#unsaved.delete(entry.id))
      .then(() => this.#parts.announce())
      .catch(() => this.#set((outbox) => outbox.map((one) => (one.id === entry.id ? { ...one, failure: 'storage' } : one))))
      .finally(() => this.#pump())
  }

  /** Reads again what is stored: another tab has added, sent or dropped something. */
  async reload(): Promise<void> {
    const kept = await this.#parts.database.all<Kept>('outbox')
    const stored = [...kept.values()].map(({ entry }) => entry)
    this.#set((outbox) => {
      // What is known as sent stays until its event is there; what is not written yet stays too.
      const others = outbox.filter((one) => !kept.has(one.id) && (one.eventId !== null || this.#unsaved.has(one.id)))
      return [...stored, ...others].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    })
    for (const [id, upload] of this.#uploads) if (!kept.has(id)) upload.abort()
    this.#pump()
  }

  async retry(id: string): Promise<void> {
    await this.#update(id, { failure: null })
    this.#parts.announce()
    this.#pump()
  }

  /** Drops it, also a file that is on its way; with a heading goes what waits for it. */
  async discard(id: string): Promise<void> {
    const ids = this.#parts.store.state.outbox.filter((one) => one.id === id || one.after === id).map((one) => one.id)
    this.#set((outbox) => outbox.filter((one) => !ids.includes(one.id)))
    for (const one of ids) this.#uploads.get(one)?.abort()
    await Promise.all(ids.map((one) => this.#parts.database.remove('outbox', one)))
    this.#parts.announce()
  }

  /** The event id once the server has it. Raises: MxError with the failure's code. */
  sent(entry: Pick<OutgoingEntry, 'id' | 'roomId'>): Promise<EventId> {
    const { store } = this.#parts
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const done = eventSentAs(store.state, entry)
        const waiting = store.state.outbox.find((one) => one.id === entry.id)
        if (done !== null) resolve(done)
        else if (waiting === undefined) reject(new MxError('discarded'))
        else if (waiting.failure !== null) reject(new MxError(waiting.failure))
        else return
        stop()
      }
      const stop = store.subscribe(look)
      look()
    })
  }

  readonly #hurry = (): void => {
    this.#pauses.clear()
    this.#pump()
  }

  #set(change: (outbox: readonly OutgoingEntry[]) => readonly OutgoingEntry[]): void {
    this.#parts.store.change((state) => ({ ...state, outbox: change(state.outbox) }))
  }

  async #update(id: string, patch: Partial<OutgoingEntry>): Promise<void> {
    this.#set((outbox) => outbox.map((one) => (one.id === id ? { ...one, ...patch } : one)))
    await this.#parts.database.change<Kept>('outbox', id, (kept) => ({ ...kept, entry: { ...kept.entry, ...patch } }))
  }

  /** Starts each lane that has something to send and is not at it. */
  #pump(): void {
    if (!this.#sending) return
    for (const entry of this.#parts.store.state.outbox) {
      const lane = laneOf(entry)
      const ready = entry.after === null && entry.failure === null && entry.eventId === null && !this.#unsaved.has(entry.id)
      if (!ready || this.#busy.has(lane)) continue
      this.#busy.add(lane)
      void this.#sendOne(entry, lane)
    }
  }

  async #sendOne(entry: OutgoingEntry, lane: string): Promise<void> {
    let wait = 0
    try {
      await this.#deliver(entry)
      this.#pauses.delete(lane)
    } catch (error) {
      if (worthRetrying(error)) {
        wait = Math.min(this.#pauses.get(lane) ?? FIRST_PAUSE_MS, LONGEST_PAUSE_MS)
        this.#pauses.set(lane, wait * 2)
      } else {
        await this.#update(entry.id, { failure: error instanceof MxError ? error.code : 'unknown' }).catch(() => undefined)
        this.#parts.announce()
      }
    }
    this.#showSent(entry.id, undefined)
    const resume = (): void => {
      this.#busy.delete(lane)
      this.#pump()
    }
    if (wait === 0) return resume()
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      resume()
    }, wait * (0.75 + Math.random() / 2))
    this.#timers.add(timer)
  }

  async #deliver(entry: OutgoingEntry): Promise<void> {
    const ready = await this.#uploaded(entry)
    const { store, http, nameOf, database } = this.#parts
    const room = store.state.rooms.get(ready.roomId)
    const latest = room ? (indexOf(room).lines.get(threadOf(ready.root))?.at(-1)?.id ?? null) : null
    const content = await contentOf(ready, latest, nameOf)
    const answer = await http.json<{ event_id: EventId }>({
      method: 'PUT',
      path: `/_matrix/client/v3/rooms/${encodeURIComponent(ready.roomId)}/send/m.room.message/${encodeURIComponent(ready.id)}`,
      body: content,
    })
    const followers = store.state.outbox.filter((one) => one.after === ready.id)
    for (const one of followers) await this.#update(one.id, { after: null, root: answer.event_id })
    await database.remove('outbox', ready.id)
    this.#set((outbox) => outbox.map((one) => (one.id === ready.id ? { ...one, eventId: answer.event_id } : one)))
    const raw = {
      event_id: answer.event_id, type: 'm.room.message', sender: store.state.me.id, origin_server_ts: Date.now(), content,
      unsigned: { transaction_id: ready.id },
    }
    const events = parseEvents([raw]).map((event) => (event.kind === 'message' ? { ...event, provisional: true } : event))
    this.#parts.share({ position: null, rooms: [{ roomId: ready.roomId, membership: 'known', state: [], events, limited: false }] })
    this.#parts.announce()
  }

  async #uploaded(entry: OutgoingEntry): Promise<OutgoingEntry> {
    if (entry.file === null || entry.file.mxc !== null) return entry
    const kept = await this.#parts.database.get<Kept>('outbox', entry.id)
    if (!kept?.blob) throw new MxError('file_lost')
    const upload = new AbortController()
    this.#uploads.set(entry.id, upload)
    try {
      const onSent = (share: number): void => this.#showSent(entry.id, Math.floor(share * 100))
      const file = { ...entry.file, mxc: await this.#parts.media.upload(kept.blob, entry.file.name, upload.signal, onSent) }
      // It may have been dropped between the last byte and the answer.
      if (upload.signal.aborted) throw new Cancelled()
      await this.#update(entry.id, { file })
      this.#parts.announce()
      return { ...entry, file }
    } finally {
      this.#uploads.delete(entry.id)
    }
  }

  /** `percent` undefined: it is not on its way any more. A step is told once, however often it is reported. */
  #showSent(id: string, percent: number | undefined): void {
    const { store, shareUploads } = this.#parts
    if (store.state.uploads.get(id) === percent) return
    const uploads = new Map(store.state.uploads)
    if (percent === undefined) uploads.delete(id)
    else uploads.set(id, percent)
    shareUploads(uploads)
  }
}

function eventSentAs(state: State, { id, roomId }: Pick<OutgoingEntry, 'id' | 'roomId'>): EventId | null {
  for (const event of state.rooms.get(roomId)?.events.values() ?? []) {
    if (event.kind === 'message' && event.transaction === id) return event.id
  }
  return null
}
