/** What only the leading tab does: follows the live source, sends, writes down, accepts private chats. */
import type { StoreActs } from './acts'
import type { Http } from './http'
import type { Keeping } from './keeping'
import type { Batch, LiveSource, RoomUpdate } from './live/source'
import { SyncSource } from './live/sync'
import type { Loader } from './loading'
import type { Outbox } from './outbox'
import type { Receipts } from './receipts'
import { fact } from './store/state'
import type { Store } from './store/store'
import type { Tabs } from './tabs'

const SETTLE_MS = 500

interface Parts {
  readonly http: Http
  readonly store: Store
  readonly loader: Loader
  readonly outbox: Outbox
  readonly receipts: Pick<Receipts, 'resume'>
  readonly keeping: Keeping
  readonly tabs: Tabs
  readonly acts: Pick<StoreActs, 'attend'>
  readonly share: (batch: Batch) => void
  readonly refreshCommunities: () => Promise<void>
}

const serverOf = (id: string): string => id.slice(id.indexOf(':') + 1)

export class Leading {
  readonly #parts: Parts
  #source: LiveSource | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    const { http, store, outbox, receipts, keeping, tabs } = this.#parts
    const source = new SyncSource(http, store.state.me.id)
    this.#source = source
    source.onBatch((batch) => this.#take(batch))
    source.onState((connection) => {
      store.change((state) => ({ ...state, connection }))
      tabs.tell({ type: 'patch', patch: { connection } })
      if (connection === 'signed-out') this.stop()
    })
    source.start(store.state.position)
    keeping.start()
    void outbox.start()
    receipts.resume()
    void this.#parts.refreshCommunities().catch(() => this.#communitiesSoon())
    // What was kept may be shown already: its lists are looked after without waiting.
    if (store.state.ready) void this.#lists()
  }

  stop(): void {
    this.#source?.stop()
    this.#source = null
    this.#parts.outbox.stop()
    clearTimeout(this.#timer)
  }

  #take(batch: Batch): void {
    const { store, share } = this.#parts
    const before = store.state.rooms
    const first = store.state.position === null
    const changed = batch.rooms.some((room) => room.membership === 'leave' || (room.membership === 'join' && before.get(room.roomId)?.membership !== 'join'))
    share(batch)
    if (changed) {
      void this.#lists()
      if (!first) this.#communitiesSoon()
    }
    for (const room of batch.rooms) {
      if (room.membership === 'invite') void this.#accept(room)
      else if (!first) this.#followMentions(room)
    }
  }

  async #lists(): Promise<void> {
    await this.#parts.loader.privateChats()
    await this.#parts.loader.allTopics()
    await this.#parts.loader.recentVoices()
  }

  #communitiesSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#parts.refreshCommunities().catch(() => undefined), SETTLE_MS)
  }

  /** A private chat from somebody here needs no acceptance; every other invitation waits for the portal. */
  async #accept(room: RoomUpdate): Promise<void> {
    const { store, http } = this.#parts
    const self = store.state.me.id
    const invitation = room.state.find((one) => one.type === 'm.room.member' && one.key === self)
    const create = room.state.find((one) => one.type === 'm.room.create')
    const here = invitation !== undefined && serverOf(invitation.sender) === serverOf(self)
    if (!here || invitation.content['is_direct'] !== true || create?.content['type'] === 'm.space') return
    await http.json({ method: 'POST', path: `/_matrix/client/v3/rooms/${encodeURIComponent(room.roomId)}/join`, body: {} }).catch(() => undefined)
  }

  /** Who is named in a topic follows it, unless they have muted it. */
  #followMentions(update: RoomUpdate): void {
    const { store, acts } = this.#parts
    const room = store.state.rooms.get(update.roomId)
    if (!room || fact(room, 'dk.os2.channel') === null) return
    const self = store.state.me.id
    const roots = new Set<string>()
    for (const event of update.events) {
      if (event.kind === 'message' && event.root !== null && event.sender !== self && event.mentions.includes(self)) roots.add(event.root)
    }
    for (const root of roots) if (room.attention[root] === undefined) void acts.attend(update.roomId, root, 'follow').catch(() => undefined)
  }
}
