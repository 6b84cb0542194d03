/**
 * One person, several tabs: Web Locks choose the leader, which alone syncs and sends. The others follow
 * over a BroadcastChannel; when the leader's tab goes, its lock goes to the next one at once.
 */
import type { Batch } from './live/source'
import type { Draft, RoomId } from './model'
import type { ReadMark, State, ThreadId } from './store/state'

/** What the leader hands to a tab that has just come. */
export type Snapshot = Pick<State, 'position' | 'connection' | 'ready' | 'rooms' | 'direct' | 'communities' | 'uploads'>

/** What the leader changes besides. */
export type Patch = Partial<Pick<State, 'connection' | 'communities' | 'uploads'>>

export type TabMessage =
  | { readonly type: 'hello' }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'patch'; readonly patch: Patch }
  | { readonly type: 'read'; readonly roomId: RoomId; readonly thread: ThreadId; readonly mark: Omit<ReadMark, 'pending'> }
  | { readonly type: 'outbox' }
  | { readonly type: 'draft'; readonly key: string; readonly draft: Draft }
  | { readonly type: 'signed-out'; readonly next: string }

const LEADER = 'samtale.leader'
const CHANNEL = 'samtale'

export class Tabs {
  readonly #channel = new BroadcastChannel(CHANNEL)
  readonly #over = new AbortController()
  #release: () => void = () => undefined
  #leading = false

  get leading(): boolean {
    return this.#leading
  }

  /** Calls `lead` as soon as this tab is the leader: at once, or when the leader before it has gone. */
  stand(lead: () => void): void {
    void navigator.locks
      .request(LEADER, { signal: this.#over.signal }, () => {
        this.#leading = true
        lead()
        return new Promise<void>((resolve) => (this.#release = resolve))
      })
      .catch(() => undefined)
  }

  tell(message: TabMessage): void {
    if (!this.#over.signal.aborted) this.#channel.postMessage(message)
  }

  hear(take: (message: TabMessage) => void): void {
    this.#channel.addEventListener('message', (event: MessageEvent<TabMessage>) => take(event.data))
  }

  close(): void {
    this.#over.abort()
    this.#release()
    this.#leading = false
    this.#channel.close()
  }
}
