/**
 * What is known about the conversations, as the views see it. Plain data: no class, no promise, no
 * Matrix event. The store (`store/`) keeps it up to date; views select from it and never write to it.
 */

export type RoomId = string
export type EventId = string
export type UserId = string

/** Slugs as in `/#/c/COMMUNITY/CHANNEL`. */
export interface ChannelAddress {
  readonly community: string
  readonly channel: string
}

/** One conversation: a topic, the general chat of a channel, or a private chat. */
export interface ConversationKey {
  readonly roomId: RoomId
  /** The thread's root event; null for the room's main timeline (general chat, private chat). */
  readonly root: EventId | null
}

export interface Person {
  readonly id: UserId
  /** The bare name, without the guest mark. */
  readonly name: string
  /** Short name of the organisation, e.g. "Aarhus". */
  readonly organisation: string | null
  readonly organisationName: string | null
  readonly role: 'member' | 'guest' | 'administrator' | 'owner'
  readonly guest: boolean
  /** Slugs of the communities this person moderates. */
  readonly moderates: readonly string[]
}

export interface Me extends Person {
  readonly email: string
  readonly language: 'da' | 'en'
  readonly demo: boolean
  readonly serverName: string
}

export type Hue =
  | 'rav' | 'korn' | 'mos' | 'skov' | 'hav' | 'fjord' | 'himmel' | 'bolge' | 'viol' | 'lyng'

export interface Channel {
  readonly slug: string
  readonly name: string
  readonly kind: 'open' | 'closed' | 'announcement'
  /** Null until somebody opens it for the first time. */
  readonly roomId: RoomId | null
  readonly joined: boolean
  readonly mayJoin: boolean
  readonly archived: boolean
}

export interface Community {
  readonly slug: string
  readonly name: string
  readonly summary: string
  readonly hue: Hue
  readonly joined: boolean
  /** The signed-in person moderates it. */
  readonly moderator: boolean
  readonly channels: readonly Channel[]
}

export interface Unread {
  readonly count: number
  /** Mentions of the person, and everything in a private chat. Part of `count`. */
  readonly highlight: number
}

export interface Topic {
  readonly roomId: RoomId
  readonly root: EventId
  readonly name: string
  /** False: started by another client on a message; shown by the root's first 60 characters in italics. */
  readonly named: boolean
  readonly resolved: boolean
  readonly resolvedBy: UserId | null
  readonly resolvedAt: number | null
  readonly startedBy: UserId
  readonly startedAt: number
  readonly lastAt: number
  readonly lastSender: UserId
  /** Plain text, one line. */
  readonly lastText: string
  /** Messages in the topic, the heading not counted. */
  readonly messages: number
  readonly unread: Unread
  /** Newest first; those who are known to have written. */
  readonly participants: readonly UserId[]
  /** Everybody who has written is among them. */
  readonly participantsWhole: boolean
  readonly participated: boolean
  readonly attention: 'follow' | 'mute' | null
  /** The signed-in person is named in an unread message. */
  readonly mentioned: boolean
}

export interface PrivateChat {
  readonly roomId: RoomId
  /** Name of a group, null when it is shown by its people. */
  readonly name: string | null
  /** The others. */
  readonly people: readonly UserId[]
  readonly lastAt: number
  readonly lastText: string
  readonly lastSender: UserId | null
  readonly unread: Unread
}

/** What a person has begun to write. */
export interface Draft {
  readonly text: string
  /** Those chosen from the suggestions, each with the name that stands in the text: names alone are not unique. */
  readonly named: readonly Named[]
}

export type Named = readonly [id: UserId, name: string]

export const NO_DRAFT: Draft = { text: '', named: [] }

export interface Reaction {
  readonly emoji: string
  readonly people: readonly UserId[]
  readonly mine: boolean
}

export interface Attachment {
  readonly kind: 'file' | 'image'
  readonly name: string
  readonly mxc: string
  readonly mimetype: string
  readonly size: number
  readonly width: number | null
  readonly height: number | null
  readonly alt: string | null
}

export interface QuotedMessage {
  readonly id: EventId
  readonly sender: UserId | null
  readonly text: string
}

export type SendState = 'sent' | 'sending' | 'failed'

export interface Message {
  /** Event id, or the transaction id (`~…`) while it is being sent. */
  readonly id: string
  readonly sender: UserId
  readonly at: number
  /** Sanitised HTML to show, or null: show `text` as plain text. */
  readonly html: string | null
  /** Markdown source or plain text: what is edited and quoted. */
  readonly text: string
  readonly edited: boolean
  readonly deleted: boolean
  readonly mentionsMe: boolean
  readonly quoted: QuotedMessage | null
  readonly attachment: Attachment | null
  readonly reactions: readonly Reaction[]
  readonly state: SendState
  /** Why it failed, as a code the views have words for; null unless `state` is 'failed'. */
  readonly failure: string | null
}

/** Something that happened in a conversation which is no message: resolved, reopened, renamed, joined. */
export interface Notice {
  readonly id: string
  readonly at: number
  readonly sender: UserId
  readonly kind: 'resolved' | 'reopened' | 'renamed' | 'unknown'
  readonly text: string
}

export type TimelineItem =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'notice'; readonly notice: Notice }

export interface Timeline {
  readonly items: readonly TimelineItem[]
  /** Older items exist that are not loaded. */
  readonly hasOlder: boolean
  readonly loading: boolean
  readonly failed: boolean
  /** The first item that was unread when the conversation was opened; null when all was read. */
  readonly firstUnread: string | null
  readonly readUpTo: number
}

export interface Readers {
  readonly people: number
  readonly organisations: number
  readonly guests: number
}

export type Connection = 'connecting' | 'live' | 'behind' | 'offline' | 'signed-out'

/** One row of Seneste. */
export interface Conversation {
  readonly key: ConversationKey
  readonly topic: Topic | null
  readonly chat: PrivateChat | null
  readonly address: ChannelAddress | null
  readonly lastAt: number
  readonly lastSender: UserId | null
}
