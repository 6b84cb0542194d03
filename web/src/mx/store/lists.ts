/** Lists over all rooms: private chats, Seneste, the next unread. */
import type { Conversation, ConversationKey, PrivateChat, RoomId, Topic } from '../model'
import { fact, MAIN, type Room, type State } from './state'
import { addressOf, chatMembers, isChannel, isPrivate } from './rooms'
import { indexOf, wording } from './room-index'
import { oneLine } from './topics'
import { unreadOf } from './unread'
import { text } from '../protocol'

function lastOf(room: Room): { at: number; text: string; sender: string | null } {
  const index = indexOf(room)
  let newest = null
  for (const lines of index.lines.values()) {
    const line = lines.findLast((one) => one.kind === 'message' && !one.deleted)
    if (line?.kind === 'message' && (newest === null || line.at > newest.at)) newest = line
  }
  return newest
    ? { at: newest.at, text: oneLine(wording(index, newest).body || (newest.attachment?.name ?? '')), sender: newest.sender }
    : { at: fact(room, 'm.room.create')?.at ?? 0, text: '', sender: null }
}

export function privateChatOf(room: Room, state: State): PrivateChat {
  const last = lastOf(room)
  return {
    roomId: room.id,
    name: text(fact(room, 'm.room.name')?.content['name']),
    people: chatMembers(room, state.me.id).filter((id) => id !== state.me.id),
    lastAt: last.at,
    lastText: last.text,
    lastSender: last.sender,
    unread: unreadOf(room, MAIN, state.me.id),
  }
}

export function privateChatsOf(state: State): readonly PrivateChat[] {
  const chats = [...state.rooms.values()].filter(isPrivate).map((room) => privateChatOf(room, state))
  return chats.sort((a, b) => b.lastAt - a.lastAt || (a.roomId < b.roomId ? -1 : 1))
}


export function recentOf(state: State, topics: (room: Room) => readonly Topic[], chats: readonly PrivateChat[]): readonly Conversation[] {
  const found: Conversation[] = chats.map((chat) => ({
    key: { roomId: chat.roomId, root: null }, topic: null, chat, address: null, lastAt: chat.lastAt, lastSender: chat.lastSender,
  }))
  for (const room of state.rooms.values()) {
    if (room.membership !== 'join' || !isChannel(room)) continue
    const address = addressOf(state, room.id)
    for (const topic of topics(room)) found.push({ key: { roomId: room.id, root: topic.root }, topic, chat: null, address, lastAt: topic.lastAt, lastSender: topic.lastSender })
    const general = indexOf(room).lines.get(MAIN)?.findLast((line) => line.kind === 'message' && !line.deleted)
    if (general) found.push({ key: { roomId: room.id, root: null }, topic: null, chat: null, address, lastAt: general.at, lastSender: general.sender })
  }
  return found.sort((a, b) => b.lastAt - a.lastAt)
}

/** Joined channels in the order of the side. */
export function channelOrder(state: State): readonly RoomId[] {
  const listed = state.communities.flatMap((community) => community.channels.flatMap((channel) => (channel.roomId === null ? [] : [channel.roomId])))
  const others = [...state.rooms.values()].filter((room) => isChannel(room) && !listed.includes(room.id)).map((room) => room.id)
  return [...listed, ...others.sort()].filter((id) => state.rooms.get(id)?.membership === 'join')
}

/** The first unread after `after` in its channel, then in the channels below, then from the top; muted ones are passed over. `followed`: only those one follows. */
export function nextUnreadOf(state: State, topics: (room: Room) => readonly Topic[], after: ConversationKey | null, followed = false): ConversationKey | null {
  const self = state.me.id
  const all: Array<ConversationKey & { unread: boolean }> = []
  for (const roomId of channelOrder(state)) {
    const room = state.rooms.get(roomId)
    if (!room) continue
    const wanted = (topic: Topic): boolean => (followed ? topic.attention === 'follow' : topic.attention !== 'mute')
    // As in the channel's list; who stands in that list stands before its topics.
    all.push({ roomId, root: null, unread: !followed && unreadOf(room, MAIN, self).count > 0 })
    for (const topic of topics(room)) all.push({ roomId, root: topic.root, unread: topic.unread.count > 0 && wanted(topic) })
  }
  const here = after === null ? -1 : all.findIndex((one) => one.roomId === after.roomId && one.root === after.root)
  const next = [...all.slice(here + 1), ...all.slice(0, here + 1)].find((one) => one.unread)
  return next ? { roomId: next.roomId, root: next.root } : null
}
