/**
 * The one interface between the Matrix layer and the views: everything a view may select or do.
 * `connect.ts` makes it; `features/` receive it through React context and call nothing else.
 */
import type {
  ChannelAddress, Community, Connection, Conversation, ConversationKey, Draft, EventId, Me, Person,
  PrivateChat, Readers, RoomId, Timeline, Topic, Unread, UserId,
} from './model'

/** Selectors return the same reference until what they show has changed (`useSyncExternalStore`). */
export interface View {
  /** Called after each change of the store; returns the way to stop. */
  subscribe(changed: () => void): () => void
  connection(): Connection
  /** True when the first lists are there (from IndexedDB or the network). */
  ready(): boolean
  me(): Me
  /** Known person; while one is being fetched (that starts by itself) the name the room tells, or `…`. */
  person(id: UserId): Person
  communities(): readonly Community[]
  addressOf(roomId: RoomId): ChannelAddress | null
  /** Topics of a channel, newest first; null while they are being fetched. */
  topics(roomId: RoomId): readonly Topic[] | null
  topic(roomId: RoomId, root: EventId): Topic | null
  topicsFailed(roomId: RoomId): boolean
  /** Older topics exist that are not loaded. */
  hasOlderTopics(roomId: RoomId): boolean
  /** Unread of one conversation, or summed over a room when root is undefined. */
  unread(roomId: RoomId, root?: EventId | null): Unread
  /** Unread over everything (Seneste, title of the page). */
  unreadTotal(): Unread
  privateChats(): readonly PrivateChat[]
  /** Seneste: every conversation, newest first. */
  recent(): readonly Conversation[]
  timeline(key: ConversationKey): Timeline
  /** How much of a message's file has been sent, in whole percent; 0 while it waits. */
  sent(id: string): number
  readers(roomId: RoomId): Readers
  members(roomId: RoomId): readonly UserId[] | null
  /** What a channel is for; null when nobody has said it. */
  summary(roomId: RoomId): string | null
  /** May the person write in this conversation? Null: yes; else a code: 'announcement', 'archived', 'guest'. */
  mayNotWrite(key: ConversationKey): string | null
  /** May the person start a topic in this channel? Same codes. */
  mayNotStart(roomId: RoomId): string | null
  /** May the person rename and resolve topics in this channel? */
  mayChangeTopics(roomId: RoomId): boolean
  /** Where a topic has been moved; null: it is where it was. */
  movedTo(roomId: RoomId, root: EventId): { readonly roomId: RoomId; readonly root: EventId } | null
  draft(key: ConversationKey): Draft
}

export interface Outgoing {
  readonly text: string
  /** People named in the text. */
  readonly mentions?: readonly UserId[]
  readonly quoting?: EventId
}

export interface OutgoingAttachment {
  readonly file: File
  readonly alt: string | null
}

export interface Acts {
  /** Loads what a channel shows (opens and joins it through the portal when needed). */
  openChannel(address: ChannelAddress): Promise<RoomId>
  openConversation(key: ConversationKey): Promise<void>
  loadOlder(key: ConversationKey): Promise<void>
  loadOlderTopics(roomId: RoomId): Promise<boolean>
  /** Marks read up to the newest message, whether or not its messages have been loaded. */
  markRead(key: ConversationKey): Promise<void>
  /** Queues; the echo is in the timeline when this returns. */
  send(key: ConversationKey, message: Outgoing): void
  sendFile(key: ConversationKey, file: File, alt: string | null): void
  /** Heading, first message and files as one act; answers the root when the heading has been sent. */
  startTopic(roomId: RoomId, name: string, message: Outgoing, files: readonly OutgoingAttachment[]): Promise<EventId>
  retry(key: ConversationKey, id: string): void
  discard(key: ConversationKey, id: string): void
  edit(key: ConversationKey, id: EventId, text: string): Promise<void>
  remove(key: ConversationKey, id: EventId): Promise<void>
  toggleReaction(key: ConversationKey, id: EventId, emoji: string): Promise<void>
  resolve(roomId: RoomId, root: EventId, resolved: boolean): Promise<void>
  rename(roomId: RoomId, root: EventId, name: string): Promise<void>
  attend(roomId: RoomId, root: EventId, attention: 'follow' | 'mute' | null): Promise<void>
  findPeople(query: string): Promise<readonly Person[]>
  /** The private chat with exactly these people, made when there is none. */
  openPrivate(people: readonly UserId[]): Promise<RoomId>
  joinCommunity(slug: string, join: boolean): Promise<void>
  saveDraft(key: ConversationKey, draft: Draft): void
  /** Object URL of an authenticated picture or file; revoked by the layer when it leaves the cache. */
  mediaUrl(mxc: string, size?: { readonly width: number; readonly height: number }): Promise<string>
  /** The next unread conversation by topics.md's rule (`n`), null when there is none. */
  nextUnread(after: ConversationKey | null): ConversationKey | null
  /** The same among the topics the person follows (`Shift+N`). */
  nextFollowed(after: ConversationKey | null): ConversationKey | null
  signOut(): Promise<void>
  /** Signs in again when the session is over (connection 'signed-out'), and comes back to this place. Nothing stored is lost. */
  signInAgain(): void
}

export interface Client {
  readonly view: View
  readonly act: Acts
}
