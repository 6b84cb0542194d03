/**
 * Matrix events as the store keeps them: parsed once at the border, then trusted. A malformed event
 * becomes `other` or null and never an exception: one odd client must not stop everybody's page.
 */
import type { Attachment, EventId, UserId } from './model'
import { number, record, text, texts, type Json, type RawEvent } from './protocol'

interface Stamped {
  readonly id: EventId
  readonly sender: UserId
  /** `origin_server_ts`, milliseconds. */
  readonly at: number
}

export interface MessageEvent extends Stamped {
  readonly kind: 'message'
  /** Root of the thread it lies in; null in the main timeline. */
  readonly root: EventId | null
  /** The message it answers on purpose (not the fallback for old clients). */
  readonly quotes: EventId | null
  readonly notice: boolean
  readonly body: string
  /** As it came: to be sanitised before it is shown. */
  readonly html: string | null
  readonly mentions: readonly UserId[]
  readonly attachment: Attachment | null
  /** The name when it is the heading of a topic. */
  readonly heading: string | null
  readonly deleted: boolean
  /** Transaction id when this device sent it. */
  readonly transaction: string | null
  /** Made by this client from the answer to its own request; the real event replaces it. */
  readonly provisional: boolean
}

export interface EditEvent extends Stamped {
  readonly kind: 'edit'
  readonly target: EventId
  readonly body: string
  readonly html: string | null
  readonly mentions: readonly UserId[]
}

export interface ReactionEvent extends Stamped {
  readonly kind: 'reaction'
  readonly target: EventId
  readonly emoji: string
}

export interface RedactionEvent extends Stamped {
  readonly kind: 'redaction'
  readonly target: EventId
}

/** State `dk.os2.topic`: a topic renamed, resolved or reopened. */
export interface TopicEvent extends Stamped {
  readonly kind: 'topic'
  readonly root: EventId
  readonly name: string | null
  readonly resolved: boolean
  readonly before: { readonly name: string | null; readonly resolved: boolean } | null
}

export interface OtherEvent extends Stamped {
  readonly kind: 'other'
  readonly root: EventId | null
  readonly type: string
}

export type RoomEvent = MessageEvent | EditEvent | ReactionEvent | RedactionEvent | TopicEvent | OtherEvent

/** What `/threads` tells about a thread besides its root. */
export interface ThreadSummary {
  readonly root: EventId
  readonly messages: number
  readonly participated: boolean
  readonly latestId: EventId
  readonly latestAt: number
}

const NAME_LENGTH = 60

/** A topic's name as it is shown: one line, trimmed, at most 60 characters. */
export function topicName(value: unknown): string | null {
  const name = text(value)?.replaceAll(/\s+/g, ' ').trim() ?? ''
  return name === '' ? null : Array.from(name).slice(0, NAME_LENGTH).join('')
}

function attachmentOf(content: Json): Attachment | null {
  const type = text(content['msgtype'])
  const mxc = text(content['url'])
  if (mxc === null || type === null || !['m.image', 'm.file', 'm.video', 'm.audio'].includes(type)) return null
  const info = record(content['info'])
  const body = text(content['body']) ?? ''
  const name = text(content['filename']) ?? body
  return {
    kind: type === 'm.image' ? 'image' : 'file',
    name: name === '' ? 'fil' : name,
    mxc,
    mimetype: text(info['mimetype']) ?? 'application/octet-stream',
    size: number(info['size']) ?? 0,
    width: number(info['w']),
    height: number(info['h']),
    alt: text(content['dk.os2.alt']),
  }
}

/** With a file name of its own, the body is what is said about the file (spec 1.10, "Media captions"). */
function isCaption(content: Json): boolean {
  const name = text(content['filename'])
  return name !== null && name !== content['body']
}

interface Said {
  readonly body: string
  readonly html: string | null
  readonly mentions: readonly UserId[]
}

function said(content: Json): Said {
  const body = text(content['body']) ?? ''
  const html = content['format'] === 'org.matrix.custom.html' ? text(content['formatted_body']) : null
  return { body, html, mentions: texts(record(content['m.mentions'])['user_ids']) }
}

/** Old clients put the answered message before their own words (spec before 1.13, "Fallbacks for rich replies"). */
function withoutReplyFallback(body: string): string {
  return body.startsWith('> <') ? body.replace(/^(> .*\n)+\n?/, '') : body
}

function messageOf(raw: RawEvent, stamp: Stamped): MessageEvent | EditEvent | RedactionEvent | null {
  const { content } = raw
  const because = raw.unsigned?.redacted_because
  // What comes already deleted says no longer what it was: it deletes what is known, and adds nothing.
  if (because !== undefined) return { kind: 'redaction', id: because.event_id, sender: because.sender, at: because.origin_server_ts, target: raw.event_id }
  if (text(content['msgtype']) === null) return null
  const relation = record(content['m.relates_to'])
  const type = text(relation['rel_type'])
  const target = text(relation['event_id'])
  if (type === 'm.replace' && target !== null) {
    const fresh = record(content['m.new_content'])
    return { ...stamp, kind: 'edit', target, ...said(Object.keys(fresh).length > 0 ? fresh : content) }
  }
  const answers = text(record(relation['m.in_reply_to'])['event_id'])
  const root = type === 'm.thread' ? target : null
  const quotes = root !== null && relation['is_falling_back'] === true ? null : answers
  const attachment = attachmentOf(content)
  const words = attachment === null || isCaption(content) ? said(content) : { ...said(content), body: '', html: null }
  return {
    ...stamp,
    ...words,
    kind: 'message',
    root,
    quotes,
    body: quotes === null ? words.body : withoutReplyFallback(words.body),
    notice: content['msgtype'] === 'm.notice',
    attachment,
    heading: topicName(record(content['dk.os2.topic'])['name']),
    deleted: false,
    transaction: raw.unsigned?.transaction_id ?? null,
    provisional: false,
  }
}

function topicChange(content: Json): { name: string | null; resolved: boolean } {
  return { name: topicName(content['name']), resolved: content['resolved'] === true }
}

/** Types that are part of other things and never a line of their own. */
const SILENT = /^(m\.room\.(?!encrypted)|m\.call\.|m\.key\.|m\.beacon|dk\.os2\.|org\.matrix\.msc4075\.|m\.poll\.(response|end)|org\.matrix\.msc3381\.poll\.(response|end))/

/** One event, or null when there is nothing to keep. */
export function parseEvent(raw: RawEvent): RoomEvent | null {
  const id = text(raw.event_id)
  const sender = text(raw.sender)
  const at = number(raw.origin_server_ts)
  if (id === null || sender === null || at === null) return null
  const event = { ...raw, content: record(raw.content) }
  const stamp: Stamped = { id, sender, at }
  const { content } = event
  if (event.state_key !== undefined) {
    if (event.type !== 'dk.os2.topic') return null
    const prior = event.unsigned?.prev_content
    return { ...stamp, kind: 'topic', root: event.state_key, ...topicChange(content), before: prior ? topicChange(record(prior)) : null }
  }
  if (event.type === 'm.room.message') return messageOf(event, stamp)
  if (event.type === 'm.room.redaction') {
    const target = text(content['redacts']) ?? text(event.redacts)
    return target === null ? null : { ...stamp, kind: 'redaction', target }
  }
  const relation = record(content['m.relates_to'])
  const target = text(relation['event_id'])
  if (event.type === 'm.reaction') {
    const emoji = text(relation['key'])
    return target === null || emoji === null || emoji.length > 64 ? null : { ...stamp, kind: 'reaction', target, emoji }
  }
  if (SILENT.test(event.type) || event.unsigned?.redacted_because !== undefined) return null
  if (relation['rel_type'] === 'm.replace' || relation['rel_type'] === 'm.reference') return null
  return { ...stamp, kind: 'other', type: event.type, root: relation['rel_type'] === 'm.thread' ? target : null }
}

/** Events with what the server bundled into them: the latest edit, and a thread's latest message. */
export function parseEvents(raws: readonly RawEvent[]): RoomEvent[] {
  const found: RoomEvent[] = []
  for (const raw of raws) {
    const event = parseEvent(raw)
    if (event !== null) found.push(event)
    const bundled = record(raw.unsigned)['m.relations'] === undefined ? undefined : raw.unsigned?.['m.relations']
    for (const inner of [bundled?.['m.replace'], bundled?.['m.thread']?.latest_event]) {
      if (inner?.event_id !== undefined) found.push(...parseEvents([inner]))
    }
  }
  return found
}

export function threadSummaryOf(raw: RawEvent): ThreadSummary | null {
  const thread = raw.unsigned?.['m.relations']?.['m.thread']
  if (thread === undefined || text(thread.latest_event?.event_id) === null) return null
  return {
    root: raw.event_id,
    messages: thread.count,
    participated: thread.current_user_participated,
    latestId: thread.latest_event.event_id,
    latestAt: thread.latest_event.origin_server_ts,
  }
}
