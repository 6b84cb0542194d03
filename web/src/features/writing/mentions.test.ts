import { describe, expect, it } from 'vitest'

import { personOf } from '../../../test/views/people'
import { askedAt, candidates, mentioned, named } from './mentions'

const anna = personOf('@anna:x', { name: 'Anna Jensen' })
const aase = personOf('@aase:x', { name: 'Åse Møller' })

describe('naming people', () => {
  it.each([
    ['Hej @an', { query: 'an', from: 4 }], ['@', { query: '', from: 0 }], ['(@Bo Ek', { query: 'Bo Ek', from: 1 }],
    ['a@b.dk', null], ['@Anna Jensen kan du se', null], ['@x\n', null],
  ])('%j asks for %j', (text, asked) => expect(askedAt(text, text.length)).toEqual(asked))

  it('finds people by any of their names, with or without the Danish letters', () => {
    expect(candidates([anna, aase], 'jen')).toEqual([anna])
    expect(candidates([anna, aase], 'aase')).toEqual([aase])
    expect(candidates([anna, aase], 'x')).toEqual([])
  })

  it('names only those who are still in the text', () => {
    const chosen = new Map([[anna.id, anna.name], [aase.id, aase.name]])
    expect(named('Tak @Åse Møller!', chosen)).toEqual([['@aase:x', 'Åse Møller']])
    expect(mentioned('Tak @Åse Møller!', chosen)).toEqual(['@aase:x'])
  })
})
