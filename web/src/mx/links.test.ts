import { describe, expect, it } from 'vitest'

import { makeLink, parseLink, type Link } from './links'

const address = { community: 'os2display', channel: 'support' }

const cases: readonly (readonly [string, Link])[] = [
  ['#/seneste', { place: 'recent' }],
  ['#/kanaler', { place: 'channels' }],
  ['#/beskeder', { place: 'messages' }],
  ['#/dig', { place: 'me' }],
  ['#/c/os2display', { place: 'community', community: 'os2display' }],
  ['#/c/os2display/support', { place: 'channel', address }],
  ['#/c/os2display/support/uden-emne', { place: 'conversation', address, root: null, event: null }],
  ['#/c/os2display/support/uden-emne/a1', { place: 'conversation', address, root: null, event: '$a1' }],
  ['#/c/os2display/support/t/r_-1', { place: 'conversation', address, root: '$r_-1', event: null }],
  ['#/c/os2display/support/t/r1/e1', { place: 'conversation', address, root: '$r1', event: '$e1' }],
  ['#/p/!abc', { place: 'private', roomId: '!abc', event: null }],
  ['#/p/!abc%3Alocalhost/e1', { place: 'private', roomId: '!abc:localhost', event: '$e1' }],
]

describe('links', () => {
  it.each(cases)('reads %s', (hash, link) => expect(parseLink(hash)).toEqual(link))
  it.each(cases)('writes %s', (hash, link) => expect(makeLink(link)).toBe(hash))
  it.each(['', '#', '#/', '#/nothing', '#/c/../x', '#/c/a/b%2Fc', '#/c/%E0%A4%A', '#/p/'])(
    'lands in Seneste for %j', (hash) => expect(parseLink(hash)).toEqual({ place: 'recent' }),
  )
})
