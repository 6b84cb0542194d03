import { describe, expect, it } from 'vitest'

import { folded, fullName, hueOf, initialsOf, markOf, matches, productParts } from './names'
import '../i18n/language'
import { personOf } from '../../test/views/people'

describe('names', () => {
  it.each([
    ['Anna Jensen', 'AJ'], ['Bjørn Ø. Müller-Ås', 'BM'], ['Søren Ærø Åkjær', 'SÅ'], ['Egon', 'E'], ['@x:localhost', 'X'], ['', '?'],
  ])('%s has the initials %s', (name, initials) => expect(initialsOf(name)).toBe(initials))

  it('gives the same person the same hue', () => {
    expect(hueOf('@anna:localhost')).toBe(hueOf('@anna:localhost'))
    expect(new Set(Array.from({ length: 200 }, (_, at) => hueOf(`@p${at}:localhost`))).size).toBe(10)
  })

  it('tells a guest by the name', () => {
    expect(fullName(personOf('@d:x', { name: 'Dorthe Holm', guest: true, role: 'guest', organisation: 'Leverandøren' })))
      .toBe('Dorthe Holm (gæst, Leverandøren)')
    expect(fullName(personOf('@d:x', { name: 'Dorthe Holm', guest: true, role: 'guest', organisation: null, organisationName: null })))
      .toBe('Dorthe Holm (gæst)')
    expect(fullName(personOf('@a:x', { name: 'Anna Jensen' }))).toBe('Anna Jensen')
  })

  it.each([
    ['OS2display', 'OS2', 'display', 'di'], ['OS2 Fælles', 'OS2', ' Fælles', 'os'], ['Andet', '', 'Andet', 'an'],
  ])('sets %s', (name, shared, own, mark) => {
    expect(productParts(name)).toEqual([shared, own])
    expect(markOf(name)).toBe(mark)
  })

  it('finds people with and without the Danish letters', () => {
    expect(folded('Åkjær Nguyễn')).toBe('aakjaer nguyen')
    expect(matches('Søren Ærø Åkjær', 'soeren aak')).toBe(true)
    expect(matches('Søren Ærø Åkjær', 'Ær')).toBe(true)
    expect(matches('Anna Jensen', 'bo')).toBe(false)
  })
})
