/** Fetches what a view needs and the live source does not bring: topics, older messages, members. */
import { MxError } from './errors'
import type { Http } from './http'
import { parseEvents, threadSummaryOf, type RoomEvent } from './events'
import { stateFacts } from './live/sync'
import type { Batch } from './live/source'
import type { ConversationKey, EventId, RoomId } from './model'
import type { People } from './people'
import { type RawEvent, type RawPage } from './protocol'
import { applyBatch, changeRoom, changeWindow } from './store/reduce'
import { indexOf } from './store/room-index'
import { chatMembers, isChannel, isPrivate } from './store/rooms'
import { keyOf, MAIN, NO_WINDOW, threadOf, type TopicList, type Window } from './store/state'
import type { Store } from './store/store'
import { missingRoots, topicsOf } from './store/topics'
import { firstUnreadOf, unreadOf } from './store/unread'

const TOPICS = 50
const PAGE = 60
/** The general chat has no filter of its own: pages full of topics' messages are passed over, but not for ever. */
const MAIN_PAGES = 6
const ENOUGH_LINES = 25
/** Lists fetched side by side at the start. */
const SIDE_BY_SIDE = 3
const MISSING_AT_ONCE = 20
/** Older pages of a channel's topics that are fetched unasked, so that their number can be told: 500 topics. */
const OLDER_PAGES = 10
/** One page of a channel's latest messages tells who takes part in many topics at once. */
const VOICES = 200
/** Channels with the latest conversations, whose voices Seneste shows. */
const VOICED = 6
/** Private chats whose latest message is looked up at the start. */
const CHATS = 40
const QUOTED_AT_ONCE = 10

const MAIN_FILTER = JSON.stringify({
  lazy_load_members: true,
  not_types: ['m.room.member', 'm.room.power_levels', 'm.room.create', 'm.room.join_rules', 'm.room.history_visibility', 'dk.os2.topic'],
})

const VOICES_FILTER = JSON.stringify({ lazy_load_members: true, types: ['m.room.message'] })

interface Page {
  readonly events: readonly RoomEvent[]
  /** Time of the oldest event looked at; 0 when there is nothing before. */
  readonly from: number
  readonly older: string | null
}

const roomPath = (roomId: RoomId): string => `rooms/${encodeURIComponent(roomId)}`

export class Loader {
  readonly #http: Pick<Http, 'json'>
  readonly #store: Store
  readonly #people: Pick<People, 'want'>
  readonly #underWay = new Map<string, Promise<unknown>>()
  /** Roots that could not be had; not asked for again. */
  readonly #unreachable = new Set<EventId>()
  /** Rooms whose latest messages have been asked for. */
  readonly #heard = new Set<RoomId>()
  /** The conversation that was opened last. */
  #reading: ConversationKey | null = null

  constructor(http: Pick<Http, 'json'>, store: Store, people: Pick<People, 'want'>) {
    this.#http = http
    this.#store = store
    this.#people = people
  }

  /** Topic lists of all joined channels, those with something unread first. */
  async allTopics(): Promise<void> {
    const { rooms } = this.#store.state
    const wanted = [...rooms.values()]
      .filter((room) => room.membership === 'join' && isChannel(room) && (room.topics.state !== 'there' || room.topics.stale))
      .sort((a, b) => b.counts.size - a.counts.size)
      .map((room) => room.id)
    const worker = async (): Promise<void> => {
      for (let id = wanted.shift(); id !== undefined; id = wanted.shift()) await this.topics(id).catch(() => undefined)
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
  }

  /** The newest topics of a channel; raises what the request raised, and says so in the store. */
  topics(roomId: RoomId): Promise<void> {
    return this.#once(`topics ${roomId}`, async () => {
      const before = this.#store.state.rooms.get(roomId)?.topics
      this.#topicList(roomId, { state: before?.state === 'there' ? 'there' : 'loading' })
      try {
        const page = await this.#threads(roomId, null)
        // Older pages that are known already stay known.
        const older = before?.state === 'there' && before.older === null ? null : (before?.older ?? page.next_batch ?? null)
        this.#topicList(roomId, { state: 'there', stale: false, older })
      } catch (error) {
        this.#topicList(roomId, before?.state === 'there' ? { stale: true } : { state: 'failed' })
        throw error
      }
    })
  }

  /** One page of older topics. Answers whether there are more. */
  olderTopics(roomId: RoomId): Promise<boolean> {
    return this.#once(`older topics ${roomId}`, async () => {
      const from = this.#store.state.rooms.get(roomId)?.topics.older ?? null
      if (from === null) return false
      const page = await this.#threads(roomId, from)
      this.#topicList(roomId, { older: page.next_batch ?? null })
      return page.next_batch !== undefined
    })
  }

  /**
   * Who takes part in the channel's latest topics, and how many topics there are: one request for the
   * messages of many topics, never one for each.
   */
  whole(roomId: RoomId): Promise<void> {
    return this.#once(`whole ${roomId}`, async () => {
      await this.#voices(roomId)
      for (let page = 0; page < OLDER_PAGES; page++) if (!(await this.olderTopics(roomId))) return
    })
  }

  /** Who takes part in the latest conversations of all. */
  async recentVoices(): Promise<void> {
    const { rooms, me } = this.#store.state
    const wanted = [...rooms.values()]
      .filter((room) => room.membership === 'join' && isChannel(room))
      .map((room) => ({ id: room.id, at: topicsOf(room, me.id).find((topic) => !topic.participantsWhole)?.lastAt ?? 0 }))
      .filter(({ at }) => at > 0)
      .sort((a, b) => b.at - a.at)
    for (const { id } of wanted.slice(0, VOICED)) await this.#voices(id).catch(() => undefined)
  }

  async #voices(roomId: RoomId): Promise<void> {
    const { rooms, me } = this.#store.state
    const room = rooms.get(roomId)
    if (!room || this.#heard.has(roomId) || !topicsOf(room, me.id).some((topic) => !topic.participantsWhole)) return
    this.#heard.add(roomId)
    const page = await this.#http.json<RawPage>({
      path: `/_matrix/client/v3/${roomPath(roomId)}/messages`, query: { dir: 'b', limit: String(VOICES), filter: VOICES_FILTER },
    }).catch((error: unknown) => {
      this.#heard.delete(roomId)
      throw error
    })
    this.#learnEvents(roomId, parseEvents(page.chunk))
  }

  /** The latest message of private chats that none is known of: the live source begins with any event. */
  async privateChats(): Promise<void> {
    const { rooms, me } = this.#store.state
    const wanted = [...rooms.values()]
      .filter((room) => isPrivate(room) && !this.#heard.has(room.id) && !indexOf(room).lines.get(MAIN)?.some((line) => line.kind === 'message'))
      .slice(0, CHATS)
    // Of a chat with a name the live source does not say who is in it.
    for (const room of rooms.values()) {
      if (isPrivate(room) && chatMembers(room, me.id).length < room.joined + room.invited) await this.members(room.id).catch(() => undefined)
    }
    for (const { id } of wanted) {
      this.#heard.add(id)
      try {
        const page = await this.#http.json<RawPage>({
          path: `/_matrix/client/v3/${roomPath(id)}/messages`, query: { dir: 'b', limit: '1', filter: VOICES_FILTER },
        })
        this.#learnEvents(id, parseEvents(page.chunk))
      } catch {
        this.#heard.delete(id)
        return
      }
    }
  }

  /** Looks after what live events speak of and nobody has fetched, and after a hole in what is being read. */
  async mend(): Promise<void> {
    const reading = this.#reading
    if (reading && this.#store.state.windows.get(keyOf(reading))?.stale) void this.#fetchNewest(reading).catch(() => undefined)
    for (const room of this.#store.state.rooms.values()) {
      if (room.membership !== 'join' || !isChannel(room) || room.topics.state !== 'there') continue
      if (room.topics.stale) await this.topics(room.id).catch(() => undefined)
      const missing = missingRoots(this.#store.state.rooms.get(room.id) ?? room).filter((id) => !this.#unreachable.has(id))
      for (const root of missing.slice(0, MISSING_AT_ONCE)) await this.root(room.id, root)
    }
  }

  /** One event and, when it is a root, what its thread amounts to. */
  root(roomId: RoomId, root: EventId): Promise<void> {
    return this.#once(`root ${root}`, async () => {
      try {
        const raw = await this.#http.json<RawEvent>({ path: `/_matrix/client/v3/${roomPath(roomId)}/event/${encodeURIComponent(root)}` })
        this.#learn(roomId, [raw])
      } catch {
        this.#unreachable.add(root)
      }
    })
  }

  /** Makes the newest part of a conversation known, and says where the unread begins. */
  async open(key: ConversationKey): Promise<void> {
    this.#reading = key
    await this.#roomKnown(key)
    const unread = this.#unread(key)
    const known = this.#store.state.windows.get(keyOf(key))
    if (known && Number.isFinite(known.from)) this.#mark(key, unread)
    if (known && !known.stale && !known.failed) return
    await this.#fetchNewest(key)
    if (!known || !Number.isFinite(known.from)) this.#mark(key, unread)
  }

  /** Makes the newest event of a conversation known; of a topic its list tells it. */
  async newest(key: ConversationKey): Promise<void> {
    const { rooms, windows } = this.#store.state
    if (windows.get(keyOf(key))?.stale === false) return
    if (key.root === null || !rooms.get(key.roomId)?.summaries.has(key.root)) await this.#fetchNewest(key)
  }

  #fetchNewest(key: ConversationKey): Promise<void> {
    return this.#once(`newest ${keyOf(key)}`, async () => {
      const known = this.#store.state.windows.get(keyOf(key))
      this.#window(key, { loading: true, failed: false })
      try {
        if (key.root !== null && !this.#store.state.rooms.get(key.roomId)?.events.has(key.root)) await this.root(key.roomId, key.root)
        const newest = this.#newestBefore(key, known?.whole ?? -1)
        const page = await this.#page(key, null)
        this.#learnEvents(key.roomId, page.events)
        // Without a hole between what was known and this page the older part stays.
        const joins = known !== undefined && known.from <= newest && page.from <= newest
        this.#window(key, { ...(!joins && { from: page.from, older: page.older }), loading: false, stale: false })
        void this.#quoted(key.roomId, page.events)
      } catch (error) {
        this.#window(key, { loading: false, failed: true })
        throw error
      }
    })
  }

  older(key: ConversationKey): Promise<void> {
    return this.#once(`older ${keyOf(key)}`, async () => {
      const window = this.#store.state.windows.get(keyOf(key))
      if (!window || window.older === null) return
      this.#window(key, { loading: true })
      try {
        const page = await this.#page(key, window.older)
        this.#learnEvents(key.roomId, page.events)
        this.#window(key, { from: Math.min(page.from, window.from), older: page.older, loading: false, failed: false })
        void this.#quoted(key.roomId, page.events)
      } catch (error) {
        this.#window(key, { loading: false, failed: true })
        throw error
      }
    })
  }

  /** Everybody in the room, and who they are. */
  members(roomId: RoomId): Promise<void> {
    return this.#once(`members ${roomId}`, async () => {
      const known = this.#store.state.rooms.get(roomId)
      if (!known) return
      if (known.members === null) {
        const { joined } = await this.#http.json<{ joined: Record<string, unknown> }>({ path: `/_matrix/client/v3/${roomPath(roomId)}/joined_members` })
        this.#store.change((state) => changeRoom(state, roomId, () => ({ members: Object.keys(joined) })))
      }
      this.#people.want(this.#store.state.rooms.get(roomId)?.members ?? [])
    })
  }

  async #threads(roomId: RoomId, from: string | null): Promise<RawPage> {
    const page = await this.#http.json<RawPage>({
      path: `/_matrix/client/v1/${roomPath(roomId)}/threads`, query: { include: 'all', limit: String(TOPICS), from: from ?? undefined },
    })
    this.#learn(roomId, page.chunk)
    return page
  }

  async #page(key: ConversationKey, from: string | null): Promise<Page> {
    const found: RoomEvent[] = []
    let older = from
    let oldest = Number.POSITIVE_INFINITY
    for (let turn = 0; turn < MAIN_PAGES; turn++) {
      const page = await (key.root === null ? this.#mainPage(key.roomId, older) : this.#threadPage(key.roomId, key.root, older))
      const events = parseEvents(page.chunk)
      found.push(...events)
      for (const raw of page.chunk) oldest = Math.min(oldest, raw.origin_server_ts)
      older = (key.root === null ? page.end : page.next_batch) ?? null
      const lines = found.filter((event) => event.kind === 'message' && event.root === key.root).length
      if (older === null || lines >= ENOUGH_LINES) break
    }
    return { events: found, from: older === null ? 0 : oldest, older }
  }

  #mainPage(roomId: RoomId, from: string | null): Promise<RawPage> {
    return this.#http.json<RawPage>({
      path: `/_matrix/client/v3/${roomPath(roomId)}/messages`, query: { dir: 'b', limit: String(PAGE), filter: MAIN_FILTER, from: from ?? undefined },
    })
  }

  /** `recurse` brings edits of and reactions to the thread's messages along (spec 1.10). */
  #threadPage(roomId: RoomId, root: EventId, from: string | null): Promise<RawPage> {
    return this.#http.json<RawPage>({
      path: `/_matrix/client/v1/${roomPath(roomId)}/relations/${encodeURIComponent(root)}`,
      query: { dir: 'b', limit: String(PAGE), recurse: 'true', from: from ?? undefined },
    })
  }

  #learn(roomId: RoomId, raws: readonly RawEvent[]): void {
    const summaries = raws.flatMap((raw) => threadSummaryOf(raw) ?? [])
    this.#apply({ position: null, rooms: [{ roomId, membership: 'known', state: stateFacts(raws), events: parseEvents(raws), limited: false, summaries }] })
  }

  #learnEvents(roomId: RoomId, events: readonly RoomEvent[]): void {
    this.#apply({ position: null, rooms: [{ roomId, membership: 'known', state: [], events, limited: false }] })
  }

  #apply(batch: Batch): void {
    this.#store.change((state) => applyBatch(state, batch))
  }

  #topicList(roomId: RoomId, patch: Partial<TopicList>): void {
    this.#store.change((state) => changeRoom(state, roomId, (room) => ({ topics: { ...room.topics, ...patch } })))
  }

  #window(key: ConversationKey, patch: Partial<Window>): void {
    this.#store.change((state) => changeWindow(state, keyOf(key), { ...(state.windows.get(keyOf(key)) ?? NO_WINDOW), ...patch }))
  }

  #mark(key: ConversationKey, unread: number): void {
    const room = this.#store.state.rooms.get(key.roomId)
    if (!room) return
    const { id, readUpTo } = firstUnreadOf(room, key.root, this.#store.state.me.id, unread)
    this.#window(key, { firstUnread: id, readUpTo })
  }

  #unread(key: ConversationKey): number {
    const room = this.#store.state.rooms.get(key.roomId)
    return room ? unreadOf(room, threadOf(key.root), this.#store.state.me.id).count : 0
  }

  /** Time of the newest line before the gap; a page that reaches back to it leaves no hole. */
  #newestBefore(key: ConversationKey, gap: number): number {
    const room = this.#store.state.rooms.get(key.roomId)
    const lines = room ? (indexOf(room).lines.get(threadOf(key.root)) ?? []) : []
    return lines.findLast((line) => line.at <= gap)?.at ?? -1
  }

  /** A link may lead to a room that the first answer of the live source has yet to bring. */
  #roomKnown(key: ConversationKey): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { rooms, ready } = this.#store.state
        if (!rooms.has(key.roomId) && !ready) return
        stop()
        if (rooms.has(key.roomId)) return resolve()
        this.#window(key, { failed: true })
        reject(new MxError('unknown_room'))
      }
      const stop = this.#store.subscribe(look)
      look()
    })
  }

  /** Messages that are quoted and lie further back. */
  async #quoted(roomId: RoomId, events: readonly RoomEvent[]): Promise<void> {
    const quoted = new Set(events.flatMap((event) => (event.kind === 'message' && event.quotes !== null ? [event.quotes] : [])))
    for (const id of [...quoted].slice(0, QUOTED_AT_ONCE)) {
      if (!this.#store.state.rooms.get(roomId)?.events.has(id) && !this.#unreachable.has(id)) await this.root(roomId, id)
    }
  }

  /** The same request is not made twice at once. */
  #once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(name) as Promise<T> | undefined
    if (underWay) return underWay
    const started = work().finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, started)
    return started
  }
}

