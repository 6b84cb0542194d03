/** What a person may do. Each act asks the servers and tells the store; views only call it. */
import type { Acts } from './client'
import { editOf } from './compose'
import type { Database } from './db'
import { SignedOut } from './errors'
import type { Http } from './http'
import type { Batch, RoomUpdate } from './live/source'
import type { Loader } from './loading'
import type { Media } from './media'
import { NO_DRAFT, type ConversationKey, type EventId, type Person, type RoomId, type UserId } from './model'
import { namedByEdit } from './naming'
import { newTransaction, outgoing, outgoingFile } from './new-entry'
import type { Outbox } from './outbox'
import type { People } from './people'
import type { Portal } from './portal'
import { PrivateRooms } from './private-rooms'
import type { Receipts } from './receipts'
import { changeRoom, markRead } from './store/reduce'
import { indexOf, wording } from './store/room-index'
import { knownMembers, roomAt } from './store/rooms'
import { keyOf, threadOf, type Room } from './store/state'
import type { Store } from './store/store'
import { newestOf, unreadOf } from './store/unread'
import type { Tabs } from './tabs'
import type { StoreView } from './view'

export interface ActParts {
  readonly http: Http
  readonly portal: Portal
  readonly database: Database
  readonly store: Store
  readonly view: StoreView
  readonly people: People
  readonly loader: Loader
  readonly outbox: Outbox
  readonly receipts: Pick<Receipts, 'send'>
  readonly media: Media
  readonly tabs: Pick<Tabs, 'tell'>
  /** Applies here and in the other tabs. */
  readonly share: (batch: Batch) => void
  /** Fetches the communities again. */
  readonly refreshCommunities: () => Promise<void>
  /** Tokens gone, data wiped, all tabs told; goes to `next`. */
  readonly leave: (next: string) => Promise<void>
  /** Starts a new sign-in and comes back to where the person is. */
  readonly signInAgain: () => void
}

const SIGN_OUT_PAGE = '/adgang/log-ud/'

const roomPath = (roomId: RoomId): string => `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`

export class StoreActs implements Acts {
  readonly #parts: ActParts
  readonly #private: PrivateRooms
  /** Files are measured before they are queued; what is sent together keeps its order meanwhile. */
  readonly #turns = new Map<string, Promise<void>>()

  constructor(parts: ActParts) {
    this.#parts = parts
    this.#private = new PrivateRooms(parts)
  }

  openChannel: Acts['openChannel'] = async (address) => {
    const { store, portal, loader } = this.#parts
    const known = roomAt(store.state, address)
    const inside = known !== null && store.state.rooms.get(known)?.membership === 'join'
    const roomId = known !== null && inside ? known : await portal.openChannel(address.community, address.channel)
    if (!inside) {
      await this.#parts.refreshCommunities()
      await this.#joined(roomId)
    }
    const { topics } = store.state.rooms.get(roomId) ?? {}
    if (topics?.state !== 'there' || topics.stale) await loader.topics(roomId)
    void loader.whole(roomId).catch(() => undefined)
    void loader.members(roomId).catch(() => undefined)
    return roomId
  }

  openConversation: Acts['openConversation'] = async (key) => {
    const { loader } = this.#parts
    void loader.members(key.roomId).catch(() => undefined)
    await loader.open(key)
  }

  loadOlder: Acts['loadOlder'] = (key) => this.#parts.loader.older(key)
  loadOlderTopics: Acts['loadOlderTopics'] = (roomId) => this.#parts.loader.olderTopics(roomId)

  markRead: Acts['markRead'] = async (key) => {
    const known = this.#readToNewest(key)
    // Of what came while nobody was here the number may be all that is known.
    await this.#parts.loader.newest(key).catch((error: unknown) => {
      if (!known) throw error
    })
    this.#readToNewest(key)
  }

  send: Acts['send'] = (key, message) => {
    const add = (): void => this.#parts.outbox.add(outgoing({ ...key, message, at: this.#now(key) }))
    if (this.#turns.has(keyOf(key))) this.#inTurn(key, add)
    else add()
    this.#forgetDraft(key)
  }

  sendFile: Acts['sendFile'] = (key, file, alt) => {
    this.#inTurn(key, async () => this.#parts.outbox.add(await outgoingFile({ ...key, file, alt, at: this.#now(key) }), file))
  }

  startTopic: Acts['startTopic'] = async (roomId, name, message, files) => {
    const { outbox } = this.#parts
    const at = this.#now({ roomId, root: null })
    const heading = { ...outgoing({ roomId, root: null, message: { text: '' }, at }), heading: name }
    const first = { ...outgoing({ roomId, root: null, message, at: at + 1 }), after: heading.id }
    const attached = await Promise.all(files.map(({ file, alt }, n) => outgoingFile({ roomId, root: null, file, alt, at: at + 2 + n })))
    // The heading last: it must never be stored, and so sent, without what belongs to it.
    outbox.add(first)
    for (const [n, entry] of attached.entries()) outbox.add({ ...entry, after: heading.id }, files[n]?.file ?? null)
    outbox.add(heading)
    try {
      const root = await outbox.sent(heading)
      void this.#follow(roomId, root)
      return root
    } catch (error) {
      // Said to the person in the form, where the words still stand; nothing of it is tried again.
      await outbox.discard(heading.id)
      throw error
    }
  }

  retry: Acts['retry'] = (_key, id) => void this.#parts.outbox.retry(id)
  discard: Acts['discard'] = (_key, id) => void this.#parts.outbox.discard(id)

  edit: Acts['edit'] = async (key, id, text) => {
    const room = this.#room(key.roomId)
    const event = room?.events.get(id)
    if (!room || event?.kind !== 'message') return
    const before = wording(indexOf(room), event)
    const members = knownMembers(room).filter((one) => this.#parts.store.state.people.has(one))
    const named = namedByEdit({ text, before, members }, this.#nameOf)
    const content = await editOf(id, text, named, before.mentions, this.#nameOf)
    const eventId = await this.#sendEvent(key.roomId, 'm.room.message', content)
    const fresh = content['m.new_content'] as Partial<Record<string, string>>
    this.#happened(key.roomId, [
      { kind: 'edit', id: eventId, sender: this.#self, at: Date.now(), target: id, body: text, html: fresh['formatted_body'] ?? null, mentions: named },
    ])
  }

  remove: Acts['remove'] = async (key, id) => {
    await this.#redact(key.roomId, id)
  }

  toggleReaction: Acts['toggleReaction'] = async (key, id, emoji) => {
    const room = this.#room(key.roomId)
    if (!room) return
    const mine = indexOf(room).reactions.get(id)?.filter((one) => one.sender === this.#self && one.emoji === emoji) ?? []
    if (mine.length > 0) {
      for (const one of mine) await this.#redact(key.roomId, one.id)
      return
    }
    const eventId = await this.#sendEvent(key.roomId, 'm.reaction', { 'm.relates_to': { rel_type: 'm.annotation', event_id: id, key: emoji } })
    this.#happened(key.roomId, [{ kind: 'reaction', id: eventId, sender: this.#self, at: Date.now(), target: id, emoji }])
  }

  resolve: Acts['resolve'] = (roomId, root, resolved) => this.#changeTopic(roomId, root, { resolved })
  rename: Acts['rename'] = (roomId, root, name) => this.#changeTopic(roomId, root, { name })

  attend: Acts['attend'] = async (roomId, root, attention) => {
    const { store, http } = this.#parts
    const before = this.#room(roomId)?.attention ?? {}
    const { [root]: _, ...others } = before
    const next: Record<EventId, 'follow' | 'mute'> = attention === null ? others : { ...others, [root]: attention }
    const show = (value: Readonly<Record<EventId, 'follow' | 'mute'>>): void => store.change((state) => changeRoom(state, roomId, () => ({ attention: value })))
    show(next)
    try {
      const me = encodeURIComponent(this.#self)
      await http.json({ method: 'PUT', path: `/_matrix/client/v3/user/${me}/rooms/${encodeURIComponent(roomId)}/account_data/dk.os2.topics`, body: next })
    } catch (error) {
      show(before)
      throw error
    }
  }

  findPeople: Acts['findPeople'] = async (query): Promise<readonly Person[]> => {
    const found = await this.#parts.portal.findPeople(query)
    this.#parts.people.learn(found)
    return found
  }

  openPrivate: Acts['openPrivate'] = (people) => this.#private.open(people)

  joinCommunity: Acts['joinCommunity'] = async (slug, join) => {
    await this.#parts.portal.join(slug, join)
    await this.#parts.refreshCommunities()
  }

  saveDraft: Acts['saveDraft'] = (key, draft) => {
    const name = keyOf(key)
    const { store, database, tabs } = this.#parts
    const { text } = draft
    if ((store.state.drafts.get(name)?.text ?? '') === text) return
    store.change((state) => {
      const drafts = new Map(state.drafts)
      if (text === '') drafts.delete(name)
      else drafts.set(name, draft)
      return { ...state, drafts }
    })
    // At once: the person reads that it is kept, and the page may be gone in a moment.
    void (text === '' ? database.remove('drafts', name) : database.put('drafts', name, draft)).catch(() => undefined)
    tabs.tell({ type: 'draft', key: name, draft })
  }

  mediaUrl: Acts['mediaUrl'] = (mxc, size) => this.#parts.media.url(mxc, size)
  nextUnread: Acts['nextUnread'] = (after) => this.#parts.view.nextUnread(after)
  nextFollowed: Acts['nextFollowed'] = (after) => this.#parts.view.nextUnread(after, true)

  signOut: Acts['signOut'] = async () => {
    // Without an answer the tokens would live on: the person is told, and can try again.
    const next = await this.#parts.portal.signOut().catch((error: unknown) => {
      // There are no tokens any more; the portal's own page ends what may be left of its session.
      if (error instanceof SignedOut) return SIGN_OUT_PAGE
      throw error
    })
    await this.#parts.leave(next)
  }

  signInAgain: Acts['signInAgain'] = () => this.#parts.signInAgain()

  /** Here at once, in the other tabs, and on the server as soon as it takes it. False: no event is known to read up to. */
  #readToNewest(key: ConversationKey): boolean {
    const { store, tabs, receipts } = this.#parts
    const room = this.#room(key.roomId)
    const thread = threadOf(key.root)
    const newest = room && newestOf(room, thread)
    if (!room || !newest) return false
    const mark = room.read.get(thread)
    if ((mark?.at ?? -1) >= newest.at && unreadOf(room, thread, this.#self).count === 0) return true
    const here = { eventId: newest.id, at: newest.at }
    store.change((state) => markRead(state, key.roomId, thread, here))
    tabs.tell({ type: 'read', roomId: key.roomId, thread, mark: here })
    void receipts.send(key.roomId, thread)
    return true
  }

  /** Follows unless the person has said otherwise. */
  async #follow(roomId: RoomId, root: EventId): Promise<void> {
    if (this.#room(roomId)?.attention[root] === undefined) await this.attend(roomId, root, 'follow').catch(() => undefined)
  }

  async #changeTopic(roomId: RoomId, root: EventId, change: { name?: string; resolved?: boolean }): Promise<void> {
    const room = this.#room(roomId)
    const now = room && indexOf(room).changes.get(root)?.at(-1)
    const name = change.name ?? now?.name ?? null
    const resolved = change.resolved ?? now?.resolved ?? false
    const answer = await this.#parts.http.json<{ event_id: EventId }>({
      method: 'PUT',
      path: `${roomPath(roomId)}/state/dk.os2.topic/${encodeURIComponent(root)}`,
      body: { ...(name !== null && { name }), ...(resolved && { resolved: true }) },
    })
    const before = now ? { name: now.name, resolved: now.resolved } : null
    this.#happened(roomId, [{ kind: 'topic', id: answer.event_id, sender: this.#self, at: Date.now(), root, name, resolved, before }])
  }

  async #sendEvent(roomId: RoomId, type: string, body: unknown): Promise<EventId> {
    const answer = await this.#parts.http.json<{ event_id: EventId }>({ method: 'PUT', path: `${roomPath(roomId)}/send/${type}/${newTransaction()}`, body })
    return answer.event_id
  }

  async #redact(roomId: RoomId, target: EventId): Promise<void> {
    const answer = await this.#parts.http.json<{ event_id: EventId }>({
      method: 'PUT', path: `${roomPath(roomId)}/redact/${encodeURIComponent(target)}/${newTransaction()}`, body: {},
    })
    this.#happened(roomId, [{ kind: 'redaction', id: answer.event_id, sender: this.#self, at: Date.now(), target }])
  }

  #happened(roomId: RoomId, events: RoomUpdate['events']): void {
    this.#parts.share({ position: null, rooms: [{ roomId, membership: 'known', state: [], events, limited: false }] })
  }

  #forgetDraft(key: ConversationKey): void {
    this.saveDraft(key, NO_DRAFT)
  }

  /** Resolves when the live source has brought the room that the portal has just joined. */
  #joined(roomId: RoomId): Promise<void> {
    const { store } = this.#parts
    if (store.state.rooms.get(roomId)?.membership === 'join') return Promise.resolve()
    return new Promise((resolve) => {
      const stop = store.subscribe(() => {
        if (store.state.rooms.get(roomId)?.membership !== 'join') return
        stop()
        resolve()
      })
    })
  }

  #inTurn(key: ConversationKey, work: () => void | Promise<void>): void {
    const name = keyOf(key)
    const turn: Promise<void> = (this.#turns.get(name) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#turns.get(name) === turn) this.#turns.delete(name)
    })
    this.#turns.set(name, turn)
  }

  /** Now, but never before what is in the conversation already: clocks differ. */
  #now(key: ConversationKey): number {
    const room = this.#room(key.roomId)
    const newest = (room && indexOf(room).lines.get(threadOf(key.root))?.at(-1)?.at) ?? 0
    return Math.max(Date.now(), newest + 1, ...this.#parts.store.state.outbox.map((entry) => entry.at + 1))
  }

  #room(roomId: RoomId): Room | undefined {
    return this.#parts.store.state.rooms.get(roomId)
  }

  get #self(): UserId {
    return this.#parts.store.state.me.id
  }

  readonly #nameOf = (id: UserId): string => this.#parts.store.state.people.get(id)?.name ?? id
}

