import { describe, expect, it } from 'vitest'

import { apply, insert, type Format } from './formatting'

/** `[` and `]` in the string stand around what is chosen, `|` where the cursor is. */
function chosen(marked: string) {
  if (marked.includes('|')) return { text: marked.replace('|', ''), from: marked.indexOf('|'), to: marked.indexOf('|') }
  const from = marked.indexOf('{')
  return { text: marked.replace('{', '').replace('}', ''), from, to: marked.indexOf('}') - 1 }
}

describe('formatting', () => {
  it.each<[Format, string, string]>([
    ['bold', 'en {stor} sag', 'en **{stor}** sag'],
    ['bold', 'en **{stor}** sag', 'en {stor} sag'],
    ['italic', '|', '*|*'],
    ['code', '{a}', '`{a}`'],
    ['code', '{a\nb}', '```\n{a\nb}\n```'],
    ['link', 'se {her}', 'se [her]({https://})'],
    ['list', '{et\nto}', '{- et\n- to}'],
    ['list', '{- et\n- to}', '{et\nto}'],
    ['quote', 'først\nsidst|', 'først\n> sidst|'],
  ])('%s of %j is %j', (format, before, after) => expect(apply(format, chosen(before))).toEqual(chosen(after)))

  it('puts text in place of what is chosen', () => expect(insert(chosen('a {b} c'), '👍')).toEqual(chosen('a 👍| c')))
})
