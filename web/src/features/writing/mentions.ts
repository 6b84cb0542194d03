/** Naming people: the `@word` one is writing, who it may mean, and who the text names in the end. */
import type { Named, Person, UserId } from '../../mx/model'
import { fullName, matches } from '../names'

export interface Asked {
  /** What stands after the @. */
  readonly query: string
  /** Where the @ stands. */
  readonly from: number
}

/** The mention being written at the cursor: an @ at the start of a word, at most three words after it. */
export function askedAt(text: string, cursor: number): Asked | null {
  const match = /(?:^|[\s(])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]+){0,2})$/u.exec(text.slice(0, cursor))
  if (!match) return null
  const query = match[1] ?? ''
  return { query, from: cursor - query.length - 1 }
}

const SHOWN = 6

/** Who the words may mean; those who took part come first (their order is kept). */
export function candidates(people: readonly Person[], query: string): readonly Person[] {
  const found = query === '' ? people : people.filter((person) => matches(person.name, query))
  return found.slice(0, SHOWN)
}

/** How a person is named in the text. Guests are named without their mark: it changes with their organisation. */
export function mentionText(person: Person): string {
  return `@${person.name}`
}

/** Those chosen while writing whose name is still in the text. */
export function named(text: string, chosen: ReadonlyMap<UserId, string>): readonly Named[] {
  return [...chosen].filter(([, name]) => text.includes(`@${name}`))
}

/** The same, as they are sent. */
export function mentioned(text: string, chosen: ReadonlyMap<UserId, string>): readonly UserId[] {
  return named(text, chosen).map(([id]) => id)
}

/** What tells two people with one name apart. */
export function toldApart(person: Person): string {
  return person.guest ? fullName(person) : person.name
}
