/** Makes the content of Matrix events out of what a person wrote. */
import type { EventId, UserId } from './model'
import type { OutgoingEntry } from './outgoing'
import type { Json } from './protocol'

export type NameOf = (id: UserId) => string

/** Whether a text says something else as Markdown than as plain text. */
const MARKED = /[*_`~[\]|\\]|^ {0,3}(#{1,6} |>|[-+] |\d+[.)] |---|===)|^ {4}|https?:\/\/|www\./m

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const personLink = (id: UserId): string => `https://matrix.to/#/${encodeURIComponent(id)}`

/** Links each `@Name` in the words of `html`; not in code, in links or in a tag. */
export function linkMentions(html: string, mentions: readonly UserId[], nameOf: NameOf): string {
  const people = mentions.map((id) => ({ id, shown: escaped(`@${nameOf(id)}`) })).sort((a, b) => b.shown.length - a.shown.length)
  if (people.length === 0) return html
  let closed = 0
  return html
    .split(/(<[^>]*>)/)
    .map((piece) => {
      if (/^<(code|pre|a)[ >]/.test(piece)) closed += 1
      else if (/^<\/(code|pre|a)>/.test(piece)) closed -= 1
      if (piece.startsWith('<') || closed > 0) return piece
      let rest = piece
      let done = ''
      while (rest !== '') {
        const found = people
          .map((person) => ({ person, at: rest.indexOf(person.shown) }))
          .filter(({ at }) => at >= 0)
          .sort((a, b) => a.at - b.at || b.person.shown.length - a.person.shown.length)[0]
        if (!found) return done + rest
        const { person, at } = found
        done += `${rest.slice(0, at)}<a href="${personLink(person.id)}">${person.shown}</a>`
        rest = rest.slice(at + person.shown.length)
      }
      return done
    })
    .join('')
}

interface Words {
  readonly body: string
  readonly format?: 'org.matrix.custom.html'
  readonly formatted_body?: string
}

/** Plain text gets no `formatted_body`; Markdown and mentions do. */
async function words(text: string, mentions: readonly UserId[], nameOf: NameOf): Promise<Words> {
  const marked = MARKED.test(text)
  if (!marked && mentions.length === 0) return { body: text }
  const html = marked ? (await import('./markdown')).markdownToHtml(text) : escaped(text).replaceAll('\n', '<br />\n')
  return { body: text, format: 'org.matrix.custom.html', formatted_body: linkMentions(html, mentions, nameOf) }
}

/** `m.mentions` is always there: without it the server would look for names in the text (spec 1.7). */
const mentionsOf = (people: readonly UserId[]): Json => (people.length > 0 ? { user_ids: people } : {})

function relation(entry: OutgoingEntry, latest: EventId | null): Json {
  const quote = entry.quoting
  if (entry.root === null) return quote === null ? {} : { 'm.relates_to': { 'm.in_reply_to': { event_id: quote } } }
  return {
    'm.relates_to': {
      rel_type: 'm.thread',
      event_id: entry.root,
      is_falling_back: quote === null,
      'm.in_reply_to': { event_id: quote ?? latest ?? entry.root },
    },
  }
}

/** `latest`: the newest message of the thread, for clients that know no threads. */
export async function contentOf(entry: OutgoingEntry, latest: EventId | null, nameOf: NameOf): Promise<Json> {
  if (entry.heading !== null) {
    return { msgtype: 'm.notice', body: entry.heading, 'dk.os2.topic': { name: entry.heading }, 'm.mentions': {} }
  }
  const { file } = entry
  const tail = { 'm.mentions': mentionsOf(entry.mentions), ...relation(entry, latest) }
  if (file === null) return { msgtype: 'm.text', ...(await words(entry.text, entry.mentions, nameOf)), ...tail }
  const picture = file.mimetype.startsWith('image/')
  return {
    msgtype: picture ? 'm.image' : 'm.file',
    body: file.name,
    filename: file.name,
    url: file.mxc,
    info: { mimetype: file.mimetype, size: file.size, ...(file.width !== null && { w: file.width }), ...(file.height !== null && { h: file.height }) },
    ...(file.alt !== null && { 'dk.os2.alt': file.alt }),
    ...tail,
  }
}

/** People named in the new text are told only when they were not named before (spec, "Replacing content"). */
export async function editOf(target: EventId, text: string, mentions: readonly UserId[], before: readonly UserId[], nameOf: NameOf): Promise<Json> {
  const said = { msgtype: 'm.text', ...(await words(text, mentions, nameOf)) }
  return {
    ...said,
    body: `* ${said.body}`,
    ...(said.formatted_body !== undefined && { formatted_body: `* ${said.formatted_body}` }),
    'm.mentions': mentionsOf(mentions.filter((id) => !before.includes(id))),
    'm.new_content': { ...said, 'm.mentions': mentionsOf(mentions) },
    'm.relates_to': { rel_type: 'm.replace', event_id: target },
  }
}
