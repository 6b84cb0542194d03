/** Points in time as people say them, in the language of the page. Times are local, in milliseconds. */
import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'

const DAY = 86_400_000

const locale = (): string => (i18n.locale === 'en' ? 'en-GB' : 'da-DK')

const formats = new Map<string, Intl.DateTimeFormat>()

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale()} ${JSON.stringify(options)}`
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(locale(), options)
    formats.set(key, found)
  }
  return found.format(at)
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1)
}

/** Whole calendar days from `at` to `now`; summer time makes some days longer, so dates are compared. */
export function daysAgo(at: number, now: number): number {
  const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0)
  return Math.round((midnight(now) - midnight(at)) / DAY)
}

/** 9.52 */
export function clock(at: number): string {
  const date = new Date(at)
  const minutes = String(date.getMinutes()).padStart(2, '0')
  return `${date.getHours()}${i18n.locale === 'en' ? ':' : '.'}${minutes}`
}

function dayAndMonth(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(at, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** Alone in a list: 9.52, I går, Fre., 16. nov. */
export function shortTime(at: number, now: number): string {
  const ago = daysAgo(at, now)
  if (ago <= 0) return clock(at)
  if (ago === 1) return t`I går`
  if (ago < 7) return capital(format(at, { weekday: 'short' }))
  return dayAndMonth(at, now)
}

/** Inside a sentence: kl. 9.52, i går kl. 9.52, fre. 20. nov. kl. 9.52 */
export function sentenceTime(at: number, now: number): string {
  const time = clock(at)
  const ago = daysAgo(at, now)
  if (ago <= 0) return t`i dag kl. ${time}`
  if (ago === 1) return t`i går kl. ${time}`
  const day = `${format(at, { weekday: 'short' })} ${dayAndMonth(at, now)}`
  return t`${day} kl. ${time}`
}

/** Over the messages of a day: I dag, I går, Fredag 20. november */
export function dayHeading(at: number, now: number): string {
  const ago = daysAgo(at, now)
  if (ago === 0) return t`I dag`
  if (ago === 1) return t`I går`
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const weekday = format(at, { weekday: 'long' })
  const date = format(at, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })
  return `${capital(weekday)} ${date}`
}

/** Everything there is to say, for the tooltip of a time. */
export function wholeTime(at: number): string {
  return capital(format(at, { dateStyle: 'full', timeStyle: 'short' }))
}

/** For `<time datetime>`. */
export function machineTime(at: number): string {
  return new Date(at).toISOString()
}

/** 1.284 */
export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value)
}

/** 48 kB, 1,2 MB */
export function fileSize(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1000)), 'kB'] : [bytes / 1_000_000, 'MB']
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value)} ${unit}`
}
