import { i18n } from '@lingui/core'
import { afterEach, describe, expect, it } from 'vitest'

import { speak } from '../i18n/language'
import { clock, dayHeading, daysAgo, fileSize, number, sentenceTime, shortTime } from './time'

const at = (day: number, hour = 10, minute = 24, month = 10, year = 2026) => new Date(year, month, day, hour, minute).getTime()
const now = at(23, 12, 0)

afterEach(() => speak('da'))

describe('times in Danish', () => {
  it.each([
    [at(23, 9, 52), '9.52'], [at(22, 23, 59), 'I går'], [at(20), 'Fre.'], [at(19), 'Tors.'], [at(17), 'Tirs.'],
    [at(16), '16. nov.'], [at(24, 8, 0, 11, 2025), '24. dec. 2025'],
  ])('alone in a list: %j is %s', (time, words) => expect(shortTime(time, now)).toBe(words))

  it.each([
    [at(23, 10, 31), 'i dag kl. 10.31'], [at(22, 8, 5), 'i går kl. 8.05'], [at(20), 'fre. 20. nov. kl. 10.24'],
  ])('inside a line: %j is %s', (time, words) => expect(sentenceTime(time, now)).toBe(words))

  it.each([
    [at(23), 'I dag'], [at(22), 'I går'], [at(20), 'Fredag 20. november'], [at(24, 8, 0, 11, 2025), 'Onsdag 24. december 2025'],
  ])('over a day: %j is %s', (time, words) => expect(dayHeading(time, now)).toBe(words))

  it('writes numbers and sizes as Danes do', () => {
    expect([number(1284), fileSize(48_200), fileSize(1_240_000), fileSize(12)]).toEqual(['1.284', '48 kB', '1,2 MB', '1 kB'])
  })

  it('counts calendar days over the hour that summer time takes', () => {
    expect(daysAgo(new Date(2026, 2, 28, 23).getTime(), new Date(2026, 2, 29, 23).getTime())).toBe(1)
  })
})

describe('times in English', () => {
  it('uses English words', async () => {
    await speak('en')
    expect(i18n.locale).toBe('en')
    expect([clock(at(23, 9, 52)), shortTime(at(22), now), dayHeading(at(20), now)]).toEqual(['9:52', 'Yesterday', 'Friday 20 November'])
  })
})
