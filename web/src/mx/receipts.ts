/**
 * Tells the server what has been read. What a person has seen stays read here when the server does not
 * answer: the receipt is sent again after a pause, and by the leading tab of the next visit.
 */
import { worthRetrying } from './errors'
import type { Http } from './http'
import type { RoomId } from './model'
import type { ReadMark, ThreadId } from './store/state'
import type { Store } from './store/store'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000

interface Parts {
  readonly http: Pick<Http, 'json'>
  readonly store: Store
}

export class Receipts {
  readonly #parts: Parts
  /** Threads with a receipt under way. */
  readonly #busy = new Set<string>()
  #over = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Sends what earlier visits could not. */
  resume(): void {
    for (const { id, read } of this.#parts.store.state.rooms.values()) {
      for (const [thread, { pending }] of read) if (pending) void this.send(id, thread)
    }
  }

  /** Resolves when the server has the newest mark of the thread, or has clearly refused it. */
  async send(roomId: RoomId, thread: ThreadId): Promise<void> {
    const name = `${roomId}|${thread}`
    if (this.#busy.has(name)) return
    this.#busy.add(name)
    let told: string | null = null
    let wait = FIRST_PAUSE_MS
    for (let mark = this.#due(roomId, thread); mark && mark.eventId !== told; mark = this.#due(roomId, thread)) {
      try {
        await this.#parts.http.json({
          method: 'POST',
          path: `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/receipt/m.read/${encodeURIComponent(mark.eventId)}`,
          body: { thread_id: thread },
        })
        told = mark.eventId
        wait = FIRST_PAUSE_MS
      } catch (error) {
        if (!worthRetrying(error)) break
        const pause = wait
        await new Promise((resolve) => setTimeout(resolve, pause))
        wait = Math.min(wait * 2, LONGEST_PAUSE_MS)
      }
    }
    this.#busy.delete(name)
  }

  stop(): void {
    this.#over = true
  }

  #due(roomId: RoomId, thread: ThreadId): ReadMark | null {
    const mark = this.#over ? undefined : this.#parts.store.state.rooms.get(roomId)?.read.get(thread)
    return mark?.pending ? mark : null
  }
}
