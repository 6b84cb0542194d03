/** How people, communities and conversations are called on screen. */
import { t } from '@lingui/core/macro'

import type { ChannelAddress, Community, Hue, Person, PrivateChat, Topic } from '../mx/model'
import type { View } from '../mx/client'
import type { Face } from '../ui/Avatar'

const HUES: readonly Hue[] = ['rav', 'korn', 'mos', 'skov', 'hav', 'fjord', 'himmel', 'bolge', 'viol', 'lyng']

/** The same hue for the same id, everywhere and always (FNV-1a). Red is none of them. */
export function hueOf(id: string): Hue {
  let hash = 0x811c9dc5
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return HUES[(hash >>> 0) % HUES.length] ?? 'fjord'
}

/** First and last name's first letters; "Bjørn Ø. Müller-Ås" is BM. */
export function initialsOf(name: string): string {
  const words = name.replace(/^@/, '').split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  const found = letters.map((word) => [...(word ?? '')][0] ?? '').join('')
  return (found || [...name.replace(/^@/, '')][0] || '?').toLocaleUpperCase('da')
}

/** "Dorthe Holm (gæst, Leverandøren)": a guest is always told by the name. */
export function fullName(person: Person): string {
  return person.guest ? `${person.name} ${guestMark(person)}` : person.name
}

export function guestMark(person: Person): string {
  const organisation = person.organisation ?? person.organisationName
  return organisation ? t`(gæst, ${organisation})` : t`(gæst)`
}

export function organisationOf(person: Person): string {
  return person.organisationName ?? person.organisation ?? ''
}

export function faceOf(person: Person): Face {
  return {
    id: person.id, initials: initialsOf(person.name), hue: hueOf(person.id), guest: person.guest, name: fullName(person),
  }
}

/** "OS2" and "display"; a community that is called something else is all strong. */
export function productParts(name: string): readonly [string, string] {
  const match = /^(OS2)(.+)$/.exec(name)
  return match ? [match[1] ?? '', match[2] ?? ''] : ['', name]
}

/** The two letters of a community's mark: "di" for OS2display. */
export function markOf(name: string): string {
  const own = productParts(name)[1].trim()
  return /^OS2\s/.test(name) ? 'os' : own.slice(0, 2).toLocaleLowerCase('da')
}

/** The people of a private chat in a row, or the name it was given. */
export function chatName(view: View, chat: PrivateChat): string {
  return chat.name ?? (chat.people.map((id) => fullName(view.person(id))).join(', ') || t`Privat besked`)
}

/** A topic without a name is shown by the first 60 characters of its root. */
export function topicName(topic: Topic): string {
  return topic.named ? topic.name : [...topic.name].slice(0, 60).join('')
}

export function communityAt(view: View, address: ChannelAddress): Community | null {
  return view.communities().find((community) => community.slug === address.community) ?? null
}

/** "Anna Jensen, Bo Ek og 2 til" */
export function peopleInARow(faces: readonly Face[], total: number): string {
  const names = faces.slice(0, 3).map((face) => face.name).join(', ')
  const more = total - Math.min(3, faces.length)
  return more > 0 ? t`${names} og ${more} til` : names
}

/** Folds case and the letters people leave out, for filters: "Åkjær" is found by "aakjaer" and "akj". */
export function folded(text: string): string {
  return text.toLocaleLowerCase('da').replaceAll('å', 'aa').replaceAll('æ', 'ae').replaceAll('ø', 'oe')
    .normalize('NFD').replace(/\p{M}/gu, '')
}

/** Every word of the query begins a word of the text. */
export function matches(text: string, query: string): boolean {
  const words = folded(text).split(/[^\p{L}\p{N}]+/u)
  return folded(query).split(/\s+/).filter(Boolean).every((part) => words.some((word) => word.startsWith(part)) || folded(text).includes(part))
}
