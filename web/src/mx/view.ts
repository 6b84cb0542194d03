/** What the views may select: answers from the store, each the same object until it shows something else. */
import type { View } from './client'
import type { People } from './people'
import { NO_DRAFT, type ConversationKey, type Draft, type Readers, type Timeline, type Topic, type Unread, type UserId } from './model'
import { Answers } from './store/stable'
import { text } from './protocol'
import { fact, keyOf, threadOf, type Room, type State } from './store/state'
import type { Store } from './store/store'
import { addressOf, isChannel, isPrivate, mayChangeTopics, movedTo, peopleCount, peopleIn, writingRefused } from './store/rooms'
import { timelineOf, type Sanitise } from './store/timeline'
import { topicOf, topicsOf } from './store/topics'
import { nextUnreadOf, privateChatsOf, recentOf } from './store/lists'
import { unreadOf, unreadOfRoom } from './store/unread'

const NO_UNREAD: Unread = { count: 0, highlight: 0 }

/** Safe HTML, made once for each text. The sanitiser itself is fetched when the first text needs it. */
export class Sanitiser {
  readonly #changed: () => void
  readonly #made = new Map<string, string | null>()
  #sanitise: ((html: string) => string | null) | null = null
  #fetching = false

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Counts up when texts that were shown plain can be shown as HTML. */
  version = 0

  readonly of: Sanitise = (html) => {
    if (!this.#sanitise) {
      void this.#fetch()
      return null
    }
    let made = this.#made.get(html)
    if (made === undefined) this.#made.set(html, (made = this.#sanitise(html)))
    return made
  }

  async #fetch(): Promise<void> {
    if (this.#fetching) return
    this.#fetching = true
    try {
      this.#sanitise = (await import('./html')).sanitise
      this.version += 1
      this.#changed()
    } catch {
      // Plain text stays; the next text tries again.
      this.#fetching = false
    }
  }
}

export class StoreView implements View {
  readonly #store: Store
  readonly #people: People
  readonly #sanitiser: Sanitiser
  readonly #answers = new Answers()

  constructor(store: Store, people: People) {
    this.#store = store
    this.#people = people
    this.#sanitiser = new Sanitiser(() => store.notify())
  }

  get #state(): State {
    return this.#store.state
  }

  subscribe = (changed: () => void): (() => void) => this.#store.subscribe(changed)
  connection = (): State['connection'] => this.#state.connection
  ready = (): boolean => this.#state.ready
  me = (): State['me'] => this.#state.me
  person = (id: UserId): ReturnType<People['person']> => this.#people.person(id)
  communities = (): State['communities'] => this.#state.communities
  sent = (id: string): number => this.#state.uploads.get(id) ?? 0
  draft = (key: ConversationKey): Draft => this.#state.drafts.get(keyOf(key)) ?? NO_DRAFT

  addressOf: View['addressOf'] = (roomId) =>
    this.#answers.of(`address ${roomId}`, [this.#state.communities, this.#state.rooms.get(roomId)?.facts], () => addressOf(this.#state, roomId))

  topics: View['topics'] = (roomId) => {
    const room = this.#state.rooms.get(roomId)
    return room?.topics.state === 'there' ? this.#topicsOf(room) : null
  }

  topicsFailed: View['topicsFailed'] = (roomId) => this.#state.rooms.get(roomId)?.topics.state === 'failed'

  hasOlderTopics: View['hasOlderTopics'] = (roomId) => (this.#state.rooms.get(roomId)?.topics.older ?? null) !== null

  topic: View['topic'] = (roomId, root) => {
    const room = this.#state.rooms.get(roomId)
    return room ? this.#answers.of(`topic ${roomId} ${root}`, [room], () => topicOf(room, root, this.#state.me.id)) : null
  }

  unread: View['unread'] = (roomId, root) => {
    const room = this.#state.rooms.get(roomId)
    if (!room) return NO_UNREAD
    const self = this.#state.me.id
    return this.#answers.of(`unread ${roomId} ${root === undefined ? '*' : threadOf(root)}`, [room], () =>
      root === undefined ? unreadOfRoom(room, self) : unreadOf(room, threadOf(root), self),
    )
  }

  unreadTotal: View['unreadTotal'] = () =>
    this.#answers.of('unread', [this.#state.rooms], () => {
      let count = 0
      let highlight = 0
      for (const room of this.#state.rooms.values()) {
        if (!isChannel(room) && !isPrivate(room)) continue
        const unread = this.unread(room.id)
        count += unread.count
        highlight += unread.highlight
      }
      return { count, highlight }
    })

  privateChats: View['privateChats'] = () => this.#answers.of('private', [this.#state.rooms], () => privateChatsOf(this.#state))

  recent: View['recent'] = () =>
    this.#answers.of('recent', [this.#state.rooms, this.#state.communities], () => recentOf(this.#state, this.#topicsOf, this.privateChats()))

  timeline: View['timeline'] = (key): Timeline => {
    const { rooms, windows, outbox, me } = this.#state
    const room = rooms.get(key.roomId)
    const window = windows.get(keyOf(key))
    return this.#answers.of(`timeline ${keyOf(key)}`, [room?.events, window, outbox, this.#sanitiser.version], () =>
      timelineOf(key, { room, window, outbox, self: me.id, sanitise: this.#sanitiser.of }),
    )
  }

  readers: View['readers'] = (roomId): Readers => {
    const room = this.#state.rooms.get(roomId)
    return this.#answers.of(`readers ${roomId}`, [room?.members, room?.joined, room?.facts, this.#state.people], () => {
      const self = this.#state.me.id
      const people = ((room && peopleIn(room, self)) ?? []).flatMap((id) => this.#state.people.get(id) ?? [])
      return {
        people: room ? peopleCount(room, self) : 0,
        organisations: new Set(people.flatMap((person) => person.organisation ?? [])).size,
        guests: people.filter((person) => person.guest).length,
      }
    })
  }

  members: View['members'] = (roomId) => {
    const room = this.#state.rooms.get(roomId)
    return room ? this.#answers.of(`members ${roomId}`, [room.members, room.heroes, room.facts], () => peopleIn(room, this.#state.me.id)) : null
  }

  summary: View['summary'] = (roomId) => {
    const room = this.#state.rooms.get(roomId)
    return (room && text(fact(room, 'm.room.topic')?.content['topic'])) || null
  }

  mayNotWrite: View['mayNotWrite'] = (key) => {
    const room = this.#state.rooms.get(key.roomId)
    return room ? writingRefused(this.#state, room, key.root, false) : null
  }

  mayNotStart: View['mayNotStart'] = (roomId) => {
    const room = this.#state.rooms.get(roomId)
    return room ? writingRefused(this.#state, room, null, true) : null
  }

  mayChangeTopics: View['mayChangeTopics'] = (roomId) => {
    const room = this.#state.rooms.get(roomId)
    return room !== undefined && mayChangeTopics(this.#state, room)
  }

  movedTo: View['movedTo'] = (roomId, root) => {
    const room = this.#state.rooms.get(roomId)
    return room ? this.#answers.of(`moved ${roomId} ${root}`, [room.facts], () => movedTo(room, root, this.#state.me.id)) : null
  }

  nextUnread(after: ConversationKey | null, followed = false): ConversationKey | null {
    return nextUnreadOf(this.#state, this.#topicsOf, after, followed)
  }

  readonly #topicsOf = (room: Room): readonly Topic[] =>
    this.#answers.of(`topics ${room.id}`, [room], () => topicsOf(room, this.#state.me.id))
}
