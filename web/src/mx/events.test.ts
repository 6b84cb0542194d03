// @vitest-environment node
import { expect, test } from 'vitest'

import { inThread, message, raw } from '../../test/room'
import { parseEvent, topicName } from './events'

test('a file without words is the file alone', () => {
  const content = { msgtype: 'm.file', body: 'plan.pdf', url: 'mxc://x/1', info: { mimetype: 'application/pdf', size: 7 } }
  expect(parseEvent(message('$f', 1, content))).toMatchObject({ body: '', html: null, attachment: { kind: 'file', name: 'plan.pdf', size: 7, alt: null } })
})

test('what is said about a file is its caption', () => {
  const content = { msgtype: 'm.image', body: 'Se her', filename: 'skærm.png', url: 'mxc://x/1', 'dk.os2.alt': 'En sort skærm' }
  expect(parseEvent(message('$f', 1, content))).toMatchObject({ body: 'Se her', attachment: { kind: 'image', name: 'skærm.png', alt: 'En sort skærm' } })
})

test('the fallback for old clients is no quotation, an answer on purpose is', () => {
  expect(parseEvent(message('$m', 1, inThread('$root')))).toMatchObject({ root: '$root', quotes: null })
  const content = { body: '> <@a:x> før\n> mere\n\nefter', 'm.relates_to': { 'm.in_reply_to': { event_id: '$q' } } }
  expect(parseEvent(message('$m', 1, content))).toMatchObject({ root: null, quotes: '$q', body: 'efter' })
})

test.each(['m.room.member', 'org.matrix.msc3401.call.member'])('state %s is no line', (type) => {
  expect(parseEvent(raw(type, 1, { state_key: '@a:x' }))).toBeNull()
})

test('what nobody knows is one line', () => {
  expect(parseEvent(raw('org.example.dance', 1, { content: inThread('$root') }))).toMatchObject({ kind: 'other', type: 'org.example.dance', root: '$root' })
})

test.each([['  Et\n emne ', 'Et emne'], ['', null], [7, null], ['x'.repeat(80), 'x'.repeat(60)]])('the name %j is %j', (given, shown) => expect(topicName(given)).toBe(shown))
