/** Questions about one room that follow from its state events. */
import type { ChannelAddress, Community, EventId, RoomId, UserId } from '../model'
import { number, record, text } from '../protocol'
import { fact, type Room, type State } from './state'

export function isSpace(room: Room): boolean {
  return fact(room, 'm.room.create')?.content['type'] === 'm.space' || fact(room, 'dk.os2.community') !== null
}

/** A channel says so itself, in state that only the portal can write. */
export function isChannel(room: Room): boolean {
  return fact(room, 'dk.os2.channel') !== null
}

/** A conversation of a few: neither a channel nor a space. */
export function isPrivate(room: Room): boolean {
  return room.membership === 'join' && fact(room, 'm.room.create') !== null && !isSpace(room) && !isChannel(room)
}

export function addressIn(communities: readonly Community[], roomId: RoomId): ChannelAddress | null {
  for (const community of communities) {
    const channel = community.channels.find((one) => one.roomId === roomId)
    if (channel) return { community: community.slug, channel: channel.slug }
  }
  return null
}

export function addressOf(state: State, roomId: RoomId): ChannelAddress | null {
  const listed = addressIn(state.communities, roomId)
  if (listed) return listed
  const room = state.rooms.get(roomId)
  const content = room && fact(room, 'dk.os2.channel')?.content
  const community = text(content?.['community'])
  const channel = text(content?.['channel'])
  return community !== null && channel !== null ? { community, channel } : null
}

/** The room of a channel: as the portal lists it, else as a room one is in says of itself. */
export function roomAt(state: State, address: ChannelAddress): RoomId | null {
  const community = state.communities.find((one) => one.slug === address.community)
  const listed = community?.channels.find((one) => one.slug === address.channel)
  if (listed) return listed.roomId
  for (const room of state.rooms.values()) {
    const content = fact(room, 'dk.os2.channel')?.content
    if (content?.['community'] === address.community && content['channel'] === address.channel) return room.id
  }
  return null
}

/** Creators of a version 12 room stand above every level. */
export function levelOf(room: Room, user: UserId): number {
  const create = fact(room, 'm.room.create')
  if (create?.sender === user) return Number.POSITIVE_INFINITY
  const levels = fact(room, 'm.room.power_levels')?.content
  return number(record(levels?.['users'])[user]) ?? number(levels?.['users_default']) ?? 0
}

export const MODERATOR = 50

export function membershipOf(room: Room, user: UserId): string | null {
  return text(fact(room, 'm.room.member', user)?.content['membership'])
}

/** Everybody in the room as far as it is known. In a private chat those who have yet to accept are with it too. */
export function knownMembers(room: Room): readonly UserId[] {
  if (room.members !== null && !isPrivate(room)) return room.members
  const found = new Set([...(room.members ?? []), ...room.heroes])
  for (const known of room.facts.values()) {
    if (known.type === 'm.room.member' && ['join', 'invite'].includes(text(known.content['membership']) ?? '')) found.add(known.key)
  }
  return [...found]
}

/** Who a private chat is between, the person included: without those who have left, unless all have. */
export function chatMembers(room: Room, self: UserId): readonly UserId[] {
  const known = [...new Set([self, ...knownMembers(room)])]
  const present = known.filter((id) => id === self || !['leave', 'ban'].includes(membershipOf(room, id) ?? ''))
  if (present.length > 1) return present
  const former = [...room.facts.values()].filter((one) => one.type === 'm.room.member').map((one) => one.key)
  return [...new Set([...known, ...former])]
}

/** The platform's own user of the person's server: it makes the channels, and is nobody who reads. */
const platformOf = (self: UserId): UserId => `@samtale:${self.slice(self.indexOf(':') + 1)}`

/** The people in the room; null until they have been asked for. */
export function peopleIn(room: Room, self: UserId): readonly UserId[] | null {
  return isPrivate(room) ? chatMembers(room, self) : (room.members?.filter((id) => id !== platformOf(self)) ?? null)
}

/** How many people are in the room. */
export function peopleCount(room: Room, self: UserId): number {
  const platform = fact(room, 'm.room.create')?.sender === platformOf(self) ? 1 : 0
  return peopleIn(room, self)?.length ?? Math.max(0, room.joined - platform)
}

/** May the person rename and resolve topics here? Guests never (topics.md). */
export function mayChangeTopics(state: State, room: Room): boolean {
  const channel = fact(room, 'dk.os2.channel')?.content
  if (state.me.guest || channel?.['archived'] === true || fact(room, 'm.room.tombstone') !== null) return false
  const levels = fact(room, 'm.room.power_levels')?.content
  const needed = number(record(levels?.['events'])['dk.os2.topic']) ?? number(levels?.['state_default']) ?? MODERATOR
  return levelOf(room, state.me.id) >= needed
}

/** Where a topic went. Only what `@samtale` of the own server says counts (topics.md, Moved). */
export function movedTo(room: Room, root: EventId, self: UserId): { readonly roomId: RoomId; readonly root: EventId } | null {
  const moved = fact(room, 'dk.os2.topic.moved', root)
  if (moved === null || moved.sender !== platformOf(self)) return null
  const roomId = text(moved.content['room_id'])
  const to = text(moved.content['event_id'])
  return roomId !== null && to !== null ? { roomId, root: to } : null
}

/** Why the person may not write, as a code; null when they may. `root`: the thread they would write in. */
export function writingRefused(state: State, room: Room, root: string | null, starting: boolean): string | null {
  const channel = fact(room, 'dk.os2.channel')?.content
  if (channel?.['archived'] === true || fact(room, 'm.room.tombstone') !== null) return 'archived'
  if (levelOf(room, state.me.id) >= MODERATOR) return null
  if (channel?.['kind'] !== 'announcement') return null
  if (starting || root === null) return 'announcement'
  const starter = room.events.get(root)?.sender
  // Until the root is here the homeserver decides.
  if (starter === undefined || levelOf(room, starter) >= MODERATOR) return null
  return 'announcement'
}
