// @vitest-environment node
import { describe, expect, test } from 'vitest'

import { ANNA, BO, channelState, edit, heading, inThread, ME, message, raw, reaction, redaction, ROOM, sync, topicState, type SyncParts } from '../../../test/room'
import { batchOf } from '../live/sync'
import type { ConversationKey, Me, TimelineItem } from '../model'
import type { RawEvent } from '../protocol'
import { nextUnreadOf, privateChatsOf, recentOf } from './lists'
import { applyBatch, changeWindow, markRead } from './reduce'
import { chatMembers, mayChangeTopics, movedTo, peopleCount, peopleIn, writingRefused } from './rooms'
import { sharing } from './stable'
import { emptyState, keyOf, NO_WINDOW, type Room, type State } from './state'
import { timelineOf } from './timeline'
import { missingRoots, topicOf, topicsOf } from './topics'
import { newestOf, unreadOf, unreadOfRoom } from './unread'

const me: Me = {
  id: ME, name: 'Mig', organisation: null, organisationName: null, role: 'member', guest: false, moderates: [], email: '', language: 'da', demo: false, serverName: 'localhost',
}

const after = (state: State, position: string, parts: SyncParts): State => applyBatch(state, batchOf(sync(position, parts), ME))
const from = (...parts: readonly SyncParts[]): State => parts.reduce((state, part, n) => after(state, `s${n}`, part), emptyState(me))
const roomOf = (state: State): Room => state.rooms.get(ROOM) ?? expect.fail('no room')

function items(state: State, root: string | null): readonly TimelineItem[] {
  const key: ConversationKey = { roomId: ROOM, root }
  return timelineOf(key, { room: roomOf(state), window: { ...NO_WINDOW, from: 0 }, outbox: state.outbox, self: ME, sanitise: (html) => html }).items
}

const bodies = (state: State, root: string | null): readonly string[] =>
  items(state, root).map((item) => (item.type === 'message' ? (item.message.deleted ? '(slettet)' : item.message.text) : item.notice.kind))

/** A generator with a seed: a failing order can be had again. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  let x = seed * 2654435761 + 1
  const next = (): number => ((x = (x * 1103515245 + 12345) & 0x7fffffff), x / 0x7fffffff)
  const copy = [...list]
  for (let n = copy.length - 1; n > 0; n--) {
    const other = Math.floor(next() * (n + 1))
    const kept = copy[n] as T
    copy[n] = copy[other] as T
    copy[other] = kept
  }
  return copy
}

const story: readonly RawEvent[] = [
  message('$general', 10),
  heading('$root', 20, 'Release 2.4'),
  message('$m1', 30, inThread('$root')),
  message('$m2', 40, inThread('$root'), { sender: ME }),
  message('$m3', 50, { ...inThread('$root'), 'm.mentions': { user_ids: [ME] } }, { sender: BO }),
  edit('$e1', 60, '$m1', 'rettet'),
  edit('$e2', 65, '$m1', 'rettet igen'),
  edit('$e3', 70, '$m1', 'forfalsket', { sender: BO }),
  reaction('$r1', 71, '$m1', '👍'),
  reaction('$r2', 72, '$m1', '👍', { sender: ME }),
  reaction('$r3', 73, '$m1', '🎉', { sender: BO }),
  redaction('$x1', 74, '$r3', { sender: BO }),
  message('$gone', 75, inThread('$root')),
  redaction('$x2', 76, '$gone'),
  topicState('$t1', 80, '$root', { name: 'Release 2.5' }, { sender: BO }),
  topicState('$t2', 200_000, '$root', { name: 'Release 2.5', resolved: true }, { sender: BO }),
  raw('dk.example.odd', 90, { event_id: '$odd', content: inThread('$root') }),
]

describe('a set of events', () => {
  const whole = from({ state: channelState(), events: story })
  const expected = { lines: items(whole, '$root'), topic: topicOf(roomOf(whole), '$root', ME), general: items(whole, null) }

  test('reads as a conversation', () => {
    expect(bodies(whole, '$root')).toEqual(['rettet igen', '$m2', '$m3', '(slettet)', 'renamed', 'unknown', 'resolved'])
    expect(bodies(whole, null)).toEqual(['$general'])
    const [first] = expected.lines
    expect(first?.type === 'message' && first.message).toMatchObject({
      edited: true, reactions: [{ emoji: '👍', people: [ANNA, ME], mine: true }],
    })
    expect(expected.topic).toMatchObject({ name: 'Release 2.5', named: true, resolved: true, resolvedBy: BO, messages: 3, startedBy: ANNA, lastText: '$m3', participated: true })
  })

  test.each(Array.from({ length: 60 }, (_, seed) => seed))('does not depend on order, portions or doubles (%i)', (seed) => {
    const events = shuffled([...story, ...shuffled(story, seed + 1).slice(0, 6)], seed)
    const cut = 1 + (seed % 5)
    const portions: SyncParts[] = []
    for (let n = 0; n < events.length; n += cut) portions.push({ events: events.slice(n, n + cut) })
    const state = from({ state: channelState() }, ...portions)
    expect(items(state, '$root')).toEqual(expected.lines)
    expect(items(state, null)).toEqual(expected.general)
    expect(topicOf(roomOf(state), '$root', ME)).toEqual(expected.topic)
  })

  test('keeps nothing of what a deleted message said', () => {
    expect(JSON.stringify([...roomOf(whole).events.values()])).not.toContain('"body":"$gone"')
  })

  test('a message that comes deleted deletes what is known and adds nothing', () => {
    const because = redaction('$x9', 95, '$m1')
    const dead = message('$m1', 30, {}, { content: {}, unsigned: { redacted_because: because } })
    expect(bodies(after(whole, 'n', { events: [dead] }), '$root')[0]).toBe('(slettet)')
    expect(bodies(from({ state: channelState(), events: [dead] }), null)).toEqual([])
  })

  test('resolved and reopened within a minute leaves no trace', () => {
    const events = [
      heading('$h', 10, 'Emne'), message('$a', 20, inThread('$h')),
      topicState('$1', 30, '$h', { resolved: true }), topicState('$2', 40, '$h', {}),
      topicState('$3', 100_000, '$h', { resolved: true }), topicState('$4', 200_000, '$h', {}),
    ]
    expect(bodies(from({ state: channelState(), events }), '$h')).toEqual(['$a', 'resolved', 'reopened'])
  })
})

describe('topics', () => {
  test('a heading without a message is shown to its author only', () => {
    const state = from({ state: channelState(), events: [heading('$mine', 10, 'Mit', { sender: ME }), heading('$theirs', 20, 'Deres')] })
    expect(topicsOf(roomOf(state), ME).map((topic) => topic.name)).toEqual(['Mit'])
  })

  test('a thread on a message is a topic without a name, until it is named', () => {
    const events = [message('$q', 10, { body: 'Hvordan sætter jeg en skærm op?\nJeg har prøvet alt.' }), message('$a', 20, inThread('$q'))]
    const state = from({ state: channelState(), events })
    expect(topicOf(roomOf(state), '$q', ME)).toMatchObject({ named: false, name: 'Hvordan sætter jeg en skærm op? Jeg har prøvet alt.' })
    const named = after(state, 'n', { events: [topicState('$t', 30, '$q', { name: 'Skærme' })] })
    expect(topicOf(roomOf(named), '$q', ME)).toMatchObject({ named: true, name: 'Skærme' })
  })

  test('an edit of the heading by another client does not change the name', () => {
    const events = [heading('$h', 10, 'Emne'), message('$a', 20, inThread('$h')), edit('$e', 30, '$h', 'Andet')]
    expect(topicOf(roomOf(from({ state: channelState(), events })), '$h', ME)?.name).toBe('Emne')
  })

  test('the server’s count and what came after it are one number', () => {
    const latest = message('$m9', 90, inThread('$h'))
    const root = heading('$h', 10, 'Emne', { unsigned: { 'm.relations': { 'm.thread': { latest_event: latest, count: 9, current_user_participated: false } } } })
    const base = from({ state: channelState() })
    const summary = { root: '$h', messages: 9, participated: false, latestId: '$m9', latestAt: 90 }
    const known = applyBatch(base, { position: null, rooms: [{ ...batchOf(sync('x', { events: [root] }), ME).rooms[0]!, summaries: [summary] }] })
    expect(topicOf(roomOf(known), '$h', ME)?.messages).toBe(9)
    const more = after(known, 'n', { events: [latest, message('$m10', 100, inThread('$h'))] })
    expect(topicOf(roomOf(more), '$h', ME)).toMatchObject({ messages: 10, lastText: '$m10' })
  })

  test('roots that only their answers speak of are missing', () => {
    const state = from({ state: channelState(), events: [message('$a', 20, inThread('$far'))], counts: { $other: 2 } })
    expect(new Set(missingRoots(roomOf(state)))).toEqual(new Set(['$far', '$other']))
  })
})

describe('unread', () => {
  const events = [heading('$h', 10, 'Emne'), message('$a', 20, inThread('$h')), message('$g', 30)]
  const state = from({ state: channelState(), events, counts: { main: 1, $h: 1 } })

  test('is what the server counts, by topic', () => {
    expect(unreadOf(roomOf(state), '$h', ME)).toEqual({ count: 1, highlight: 0 })
    expect(unreadOf(roomOf(state), 'main', ME)).toEqual({ count: 1, highlight: 0 })
    expect(unreadOfRoom(roomOf(state), ME).count).toBe(2)
  })

  test('the client counts in between: not its own, not notices, not twice', () => {
    const more = [
      message('$b', 40, { ...inThread('$h'), 'm.mentions': { user_ids: [ME] } }),
      message('$c', 41, inThread('$h'), { sender: ME }), message('$d', 42, { ...inThread('$h'), msgtype: 'm.notice' }),
    ]
    const grown = after(after(state, 'n', { events: more }), 'o', { events: more })
    expect(unreadOf(roomOf(grown), '$h', ME)).toEqual({ count: 2, highlight: 1 })
    expect(unreadOf(roomOf(after(grown, 'p', { counts: { main: 1, $h: 2 } })), '$h', ME).count).toBe(2)
  })

  test('reading a topic clears it at once and no other, also when a late count comes', () => {
    const read = markRead(state, ROOM, '$h', { eventId: '$a', at: 20 })
    expect(unreadOf(roomOf(read), '$h', ME).count).toBe(0)
    expect(unreadOf(roomOf(read), 'main', ME).count).toBe(1)
    const late = after(read, 'n', { events: [message('$x', 50)], counts: { main: 2, $h: 1 } })
    expect(unreadOf(roomOf(late), '$h', ME).count).toBe(0)
    const receipt = { type: 'm.receipt', content: { $a: { 'm.read': { [ME]: { ts: 60, thread_id: '$h' } } } } }
    const told = after(late, 'o', { ephemeral: [receipt], counts: { main: 2 } })
    expect(roomOf(told).read.get('$h')).toEqual({ eventId: '$a', at: 20, pending: false })
    expect(unreadOf(roomOf(after(told, 'p', { events: [message('$y', 70, inThread('$h'))], counts: { main: 2, $h: 1 } })), '$h', ME).count).toBe(1)
  })

  test('what a request brings is not counted beside the server’s count', () => {
    const late = batchOf(sync('x', { events: [message('$late', 500, inThread('$h'))] }), ME).rooms[0]!
    const asked = applyBatch(state, { position: null, rooms: [{ ...late, membership: 'known' }] })
    expect(unreadOf(roomOf(asked), '$h', ME).count).toBe(1)
    expect(unreadOf(roomOf(after(asked, 'n', { events: [message('$more', 600, inThread('$h'))] })), '$h', ME).count).toBe(2)
  })

  test('is read up to the newest event that is known, be it by the list of topics alone', () => {
    const listed = (latestId: string, latestAt: number): State => applyBatch(state, {
      position: null,
      rooms: [{ ...batchOf(sync('x'), ME).rooms[0]!, membership: 'known', summaries: [{ root: '$h', messages: 2, participated: false, latestId, latestAt }] }],
    })
    expect(newestOf(roomOf(state), '$h')).toMatchObject({ id: '$a', at: 20 })
    expect(newestOf(roomOf(listed('$b', 40)), '$h')).toEqual({ id: '$b', at: 40 })
    expect(newestOf(roomOf(listed('$older', 15)), '$h')).toMatchObject({ id: '$a' })
    expect(newestOf(roomOf(state), '$unknown')).toBeNull()
  })

  test('no receipt is for a deleted message, which has lost its thread', () => {
    const later = after(state, 'n', { events: [message('$b', 40, inThread('$h'))] })
    expect(newestOf(roomOf(later), '$h')).toMatchObject({ id: '$b' })
    expect(newestOf(roomOf(after(later, 'o', { events: [redaction('$x', 50, '$b')] })), '$h')).toMatchObject({ id: '$a' })
  })

  test('a muted topic is in no sum', () => {
    expect(unreadOfRoom(roomOf(after(state, 'n', { attention: { $h: 'mute' } })), ME).count).toBe(1)
  })

  test('next is below in this channel, then from the top', () => {
    const two = after(state, 'n', { events: [heading('$i', 50, 'To'), message('$ib', 60, inThread('$i'))], counts: { main: 0, $h: 1, $i: 1 } })
    const topics = (room: Room): ReturnType<typeof topicsOf> => topicsOf(room, ME)
    expect(nextUnreadOf(two, topics, null)?.root).toBe('$i')
    expect(nextUnreadOf(two, topics, { roomId: ROOM, root: '$i' })?.root).toBe('$h')
    expect(nextUnreadOf(two, topics, { roomId: ROOM, root: '$h' })?.root).toBe('$i')
    const read = after(two, 'o', { counts: { main: 0, $i: 1 }, attention: { $i: 'mute' } })
    expect(nextUnreadOf(read, topics, null)).toBeNull()
    const followed = after(two, 'o', { counts: { main: 3, $h: 1, $i: 1 }, attention: { $h: 'follow' } })
    expect(nextUnreadOf(followed, topics, null, true)?.root).toBe('$h')
    expect(nextUnreadOf(after(two, 'o', { counts: { main: 3, $h: 1, $i: 1 } }), topics, null, true)).toBeNull()
  })
})

describe('rights', () => {
  const state = from({ state: channelState({ kind: 'announcement' }), events: [heading('$bo', 10, 'A', { sender: BO }), heading('$anna', 20, 'B')] })

  test('in an announcement channel others answer what a moderator began', () => {
    expect(writingRefused(state, roomOf(state), null, false)).toBe('announcement')
    expect(writingRefused(state, roomOf(state), null, true)).toBe('announcement')
    expect(writingRefused(state, roomOf(state), '$bo', false)).toBeNull()
    expect(writingRefused(state, roomOf(state), '$anna', false)).toBe('announcement')
    const asBo = { ...state, me: { ...me, id: BO } }
    expect(writingRefused(asBo, roomOf(state), null, true)).toBeNull()
  })

  test('nobody writes in an archived channel', () => {
    const archived = from({ state: channelState({ archived: true }) })
    expect(writingRefused({ ...archived, me: { ...me, id: BO } }, roomOf(archived), '$x', false)).toBe('archived')
  })
})

describe('who may change topics', () => {
  const may = (content: Record<string, unknown>, as: Partial<Me> = {}, levels: Record<string, unknown> = {}): boolean => {
    const state = from({ state: [...channelState(content), raw('m.room.power_levels', 9, { state_key: '', sender: '@samtale:localhost', content: { users: { [BO]: 50 }, ...levels } })] })
    return mayChangeTopics({ ...state, me: { ...me, ...as } }, roomOf(state))
  }

  test('everybody where the channel asks for nothing, guests never', () => {
    expect(may({}, {}, { events: { 'dk.os2.topic': 0 } })).toBe(true)
    expect(may({}, { guest: true, role: 'guest' }, { events: { 'dk.os2.topic': 0 } })).toBe(false)
  })

  test('only moderators where the channel says so, and nobody in an archived one', () => {
    expect(may({}, {}, { events: { 'dk.os2.topic': 50 } })).toBe(false)
    expect(may({}, { id: BO }, { events: { 'dk.os2.topic': 50 } })).toBe(true)
    expect(may({ archived: true }, { id: BO }, { events: { 'dk.os2.topic': 0 } })).toBe(false)
  })
})

describe('a topic that was moved', () => {
  const moved = (sender: string): RawEvent => raw('dk.os2.topic.moved', 40, { state_key: '$h', sender, content: { room_id: '!other', event_id: '$there', by: BO } })
  const events = [heading('$h', 10, 'Emne'), message('$a', 20, inThread('$h'))]

  test('leaves lists and sums, and says where it went', () => {
    const state = from({ state: [...channelState(), moved('@samtale:localhost')], events, counts: { main: 0, $h: 1 } })
    expect(movedTo(roomOf(state), '$h', ME)).toEqual({ roomId: '!other', root: '$there' })
    expect(topicsOf(roomOf(state), ME)).toEqual([])
    expect(unreadOfRoom(roomOf(state), ME).count).toBe(0)
  })

  test.each([BO, '@samtale:elsewhere', '@samtale:localhost.evil'])('is where it was when %s says so', (sender) => {
    const state = from({ state: [...channelState(), moved(sender)], events, counts: { main: 0, $h: 1 } })
    expect(movedTo(roomOf(state), '$h', ME)).toBeNull()
    expect(topicsOf(roomOf(state), ME)).toHaveLength(1)
    expect(unreadOfRoom(roomOf(state), ME).count).toBe(1)
  })
})

describe('who takes part in a topic', () => {
  const root = heading('$h', 10, 'Emne')
  const base = from({ state: channelState() })
  const known = applyBatch(base, {
    position: null,
    rooms: [{ ...batchOf(sync('x', { events: [root, message('$m3', 90, inThread('$h'))] }), ME).rooms[0]!, summaries: [{ root: '$h', messages: 3, participated: false, latestId: '$m3', latestAt: 90 }] }],
  })

  test('is known whole only when every message is here', () => {
    expect(topicOf(roomOf(known), '$h', ME)).toMatchObject({ messages: 3, participants: [ANNA], participantsWhole: false })
    const all = after(known, 'n', { events: [message('$m1', 70, inThread('$h'), { sender: BO }), message('$m2', 80, inThread('$h'), { sender: ME })] })
    expect(topicOf(roomOf(all), '$h', ME)).toMatchObject({ messages: 3, participants: [ANNA, ME, BO], participantsWhole: true })
  })

  test('and no topic has fewer messages than are unread in it', () => {
    expect(topicOf(roomOf(after(known, 'n', { counts: { main: 0, $h: 5 } })), '$h', ME)).toMatchObject({ messages: 5, participantsWhole: false })
  })
})

test('who reads along are people, not the platform that made the channel', () => {
  const room = { ...roomOf(from({ state: channelState() })), joined: 3 }
  expect(peopleCount(room, ME)).toBe(2)
  expect(peopleIn(room, ME)).toBeNull()
  const asked = { ...room, members: ['@samtale:localhost', ME, '@samtale:elsewhere'] }
  expect(peopleIn(asked, ME)).toEqual([ME, '@samtale:elsewhere'])
  expect(peopleCount(asked, ME)).toBe(2)
})

describe('lists', () => {
  test('whom one has just written to is in the chat before they have come', () => {
    const create = raw('m.room.create', 1, { state_key: '', content: {} })
    const invited = raw('m.room.member', 2, { state_key: BO, sender: ME, content: { membership: 'invite' } })
    const state = from({ state: [create, raw('m.room.member', 1, { state_key: ME, content: { membership: 'join' } }), invited] })
    const asked = { ...state, rooms: new Map(state.rooms).set(ROOM, { ...roomOf(state), members: [ME] }) }
    expect(privateChatsOf(asked)).toMatchObject([{ people: [BO] }])
    expect(chatMembers(roomOf(asked), ME)).toEqual([ME, BO])
    const gone = after(asked, 'n', { state: [raw('m.room.member', 3, { state_key: BO, sender: BO, content: { membership: 'leave' } })] })
    expect(chatMembers(roomOf(gone), ME)).toEqual([ME, BO])
  })

  test('a room that is no channel is a private chat, all of it calls on the person', () => {
    const state = from({
      state: [raw('m.room.create', 1, { state_key: '', content: {} }), raw('m.room.member', 2, { state_key: ANNA, content: { membership: 'join' } })],
      events: [message('$p', 10)], counts: { main: 1 },
    })
    expect(privateChatsOf(state)).toMatchObject([{ roomId: ROOM, people: [ANNA], lastText: '$p', unread: { count: 1, highlight: 1 } }])
    expect(recentOf(state, () => [], privateChatsOf(state))).toHaveLength(1)
  })

  test('the words somebody starts a private chat with are unread, though the server does not count them', () => {
    const state = from({ state: [raw('m.room.create', 1, { state_key: '', content: {} })], events: [message('$hej', 10)], counts: { main: 0 } })
    expect(unreadOf(roomOf(state), 'main', ME)).toEqual({ count: 1, highlight: 1 })
    expect(unreadOf(roomOf(after(state, 'n', { events: [message('$svar', 20, {}, { sender: ME })], counts: { main: 0 } })), 'main', ME).count).toBe(0)
    expect(unreadOf(roomOf(markRead(state, ROOM, 'main', { eventId: '$hej', at: 10 })), 'main', ME).count).toBe(0)
  })

  test('a gap makes open conversations and the topic list stale', () => {
    const opened = changeWindow(from({ state: channelState() }), keyOf({ roomId: ROOM, root: '$h' }), { ...NO_WINDOW, from: 0, stale: false })
    const gap = after(opened, 'n', { limited: true })
    expect(gap.windows.get(`${ROOM}|$h`)?.stale).toBe(true)
  })

  test('a room one has left is gone, and a late answer does not bring it back', () => {
    const left = applyBatch(from({ state: channelState() }), { position: 'n', rooms: [{ roomId: ROOM, membership: 'leave', state: [], events: [], limited: false }] })
    const late = applyBatch(left, { position: null, rooms: [{ roomId: ROOM, membership: 'known', state: [], events: [], limited: false }] })
    expect(late.rooms.has(ROOM)).toBe(false)
  })
})

test('answers keep the parts that are the same', () => {
  const before = { list: [{ a: 1 }, { a: 2 }], other: 'x' }
  const next = sharing(before, { list: [{ a: 1 }, { a: 3 }], other: 'x' })
  expect(next.list[0]).toBe(before.list[0])
  expect(next).not.toBe(before)
  expect(sharing(before, { list: [{ a: 1 }, { a: 2 }], other: 'x' })).toBe(before)
  expect(sharing([1, 2], [1])).toEqual([1])
})
