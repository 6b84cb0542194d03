import { expect, test } from 'vitest'

import { contentOf, editOf, linkMentions } from './compose'
import { outgoing } from './new-entry'
import type { OutgoingEntry } from './outgoing'

const nameOf = (id: string): string => ({ '@a:x': 'Anna Jensen', '@b:x': 'Anna' })[id] ?? id
const entry = (text: string, more: Partial<OutgoingEntry> = {}): OutgoingEntry => ({ ...outgoing({ roomId: '!r', root: null, message: { text }, at: 1 }), ...more })

test('plain text has no HTML and names nobody', async () => {
  expect(await contentOf(entry('Hej alle\nsammen. 2 < 3 & 4!'), null, nameOf)).toEqual({ msgtype: 'm.text', body: 'Hej alle\nsammen. 2 < 3 & 4!', 'm.mentions': {} })
})

test('Markdown becomes HTML where a line break is a line break', async () => {
  const content = await contentOf(entry('**fed**\nnæste <b>\n\n```js\na\nb\n```'), null, nameOf)
  expect(content['formatted_body']).toBe('<p><strong>fed</strong><br />\nnæste &lt;b&gt;</p>\n<pre><code class="language-js">a\nb\n</code></pre>')
})

test('named people are linked, the longest name first', async () => {
  const content = await contentOf(entry('@Anna Jensen og @Anna', { mentions: ['@b:x', '@a:x'] }), null, nameOf)
  expect(content['formatted_body']).toBe('<a href="https://matrix.to/#/%40a%3Ax">@Anna Jensen</a> og <a href="https://matrix.to/#/%40b%3Ax">@Anna</a>')
  expect(content['m.mentions']).toEqual({ user_ids: ['@b:x', '@a:x'] })
})

test('code and links keep their words', () => {
  expect(linkMentions('<code>@Anna</code> <a href="x">@Anna</a>', ['@b:x'], nameOf)).toBe('<code>@Anna</code> <a href="x">@Anna</a>')
})

test('a heading says what it is and counts for nobody', async () => {
  expect(await contentOf(entry('', { heading: 'Release 2.4' }), null, nameOf)).toEqual({
    msgtype: 'm.notice', body: 'Release 2.4', 'dk.os2.topic': { name: 'Release 2.4' }, 'm.mentions': {},
  })
})

test('a message in a topic falls back to a reply for clients that know no threads', async () => {
  const content = await contentOf(entry('hej', { root: '$root' }), '$latest', nameOf)
  expect(content['m.relates_to']).toEqual({ rel_type: 'm.thread', event_id: '$root', is_falling_back: true, 'm.in_reply_to': { event_id: '$latest' } })
})

test('a quotation in a topic is one on purpose', async () => {
  const content = await contentOf(entry('hej', { root: '$root', quoting: '$q' }), '$latest', nameOf)
  expect(content['m.relates_to']).toEqual({ rel_type: 'm.thread', event_id: '$root', is_falling_back: false, 'm.in_reply_to': { event_id: '$q' } })
})

test('an edit tells only those who were not named before', async () => {
  const content = await editOf('$m', '@Anna Jensen @Anna', ['@a:x', '@b:x'], ['@a:x'], nameOf)
  expect(content['m.mentions']).toEqual({ user_ids: ['@b:x'] })
  expect(content['m.new_content']).toMatchObject({ body: '@Anna Jensen @Anna', 'm.mentions': { user_ids: ['@a:x', '@b:x'] } })
  expect(content['m.relates_to']).toEqual({ rel_type: 'm.replace', event_id: '$m' })
})
