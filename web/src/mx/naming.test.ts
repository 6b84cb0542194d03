import { expect, test } from 'vitest'

import { namedByEdit } from './naming'

const NAMES: Readonly<Record<string, string>> = { '@pa:x': 'Peter Jensen', '@pv:x': 'Peter Jensen', '@bo:x': 'Bo Ek', '@b:x': 'Bo', '@c:x': 'Carla Holt' }
const members = Object.keys(NAMES)
const nameOf = (id: string): string => NAMES[id] ?? id
const edited = (body: string, mentions: readonly string[], text: string): readonly string[] => namedByEdit({ text, before: { body, mentions }, members }, nameOf)

test('mending a word names nobody who shares the name', () => {
  expect(edited('Hej @Peter Jensen, se hre', ['@pa:x'], 'Hej @Peter Jensen, se her')).toEqual(['@pa:x'])
})

test('a name within a longer one is not that person', () => {
  expect(edited('Hej', [], 'Hej @Bo Ek')).toEqual(['@bo:x'])
  expect(edited('Hej', [], 'Hej @Bodil')).toEqual([])
  expect(edited('Hej', [], 'Hej @Bo!')).toEqual(['@b:x'])
})

test('whoever is named by a name of their own is added, whoever is gone from the text is not kept', () => {
  expect(edited('Hej @Bo Ek', ['@bo:x'], 'Hej @Carla Holt')).toEqual(['@c:x'])
})

test('a name that two share says nothing about which', () => {
  expect(edited('Hej', [], 'Hej @Peter Jensen')).toEqual([])
})

test('words that looked like a name before still name nobody', () => {
  expect(edited('Skriv @Carla Holt', [], 'Skriv: @Carla Holt')).toEqual([])
})
