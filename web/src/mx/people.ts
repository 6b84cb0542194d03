/** Who people are: asked from the portal in batches, kept for a while, shown at once. */
import type { Database } from './db'
import type { Person, UserId } from './model'
import { PEOPLE_AT_ONCE, type Portal } from './portal'
import { text } from './protocol'
import { withPeople } from './store/reduce'
import { fact } from './store/state'
import type { Store } from './store/store'

const FRESH_MS = 60 * 60 * 1000
const GATHER_MS = 25
/** Pauses before those are asked for again whom no answer came for. */
const AGAIN_MS = [2000, 5000, 20_000, 60_000] as const

interface Kept {
  readonly person: Person
  readonly at: number
}

/** Shown until the portal has answered. */
function unknownPerson(id: UserId, name: string): Person {
  return { id, name, organisation: null, organisationName: null, role: 'member', guest: false, moderates: [] }
}

export class People {
  readonly #portal: Pick<Portal, 'people'>
  readonly #database: Pick<Database, 'all' | 'putAll'>
  readonly #store: Store
  readonly #placeholders = new Map<UserId, Person>()
  readonly #askedAt = new Map<UserId, number>()
  /** Whom the portal does not know. */
  readonly #strangers = new Set<UserId>()
  #failures = 0
  #over = false
  #wanted = new Set<UserId>()
  #gathering = false

  constructor(portal: Pick<Portal, 'people'>, database: Pick<Database, 'all' | 'putAll'>, store: Store) {
    this.#portal = portal
    this.#database = database
    this.#store = store
  }

  /** What was kept from the last time. */
  async restore(): Promise<void> {
    const kept = await this.#database.all<Kept>('people')
    for (const [id, { at }] of kept) this.#askedAt.set(id, at)
    this.#store.change((state) => withPeople(state, new Map([...kept].map(([id, { person }]) => [id, person]))))
  }

  person(id: UserId): Person {
    this.want([id])
    const known = this.#store.state.people.get(id)
    if (known) return known
    const name = this.#toldName(id) ?? (this.#strangers.has(id) ? id : '…')
    let placeholder = this.#placeholders.get(id)
    if (placeholder?.name !== name) this.#placeholders.set(id, (placeholder = unknownPerson(id, name)))
    return placeholder
  }

  /** Asks for those who are unknown or were asked for long ago; safe to call while rendering. */
  want(ids: Iterable<UserId>): void {
    const now = Date.now()
    for (const id of ids) if (now - (this.#askedAt.get(id) ?? 0) > FRESH_MS) this.#wanted.add(id)
    if (this.#wanted.size === 0 || this.#gathering) return
    this.#gathering = true
    setTimeout(() => void this.#ask(), GATHER_MS)
  }

  /** People that came along with another answer. */
  learn(people: readonly Person[]): void {
    if (people.length === 0) return
    const at = Date.now()
    for (const { id } of people) this.#askedAt.set(id, at)
    this.#store.change((state) => withPeople(state, new Map(people.map((person) => [person.id, person]))))
    void this.#database.putAll('people', people.map((person) => [person.id, { person, at } satisfies Kept])).catch(() => undefined)
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size > 0 && !this.#over) {
      const ids = [...this.#wanted].slice(0, PEOPLE_AT_ONCE)
      for (const id of ids) {
        this.#wanted.delete(id)
        // Those the portal does not know are not asked for again with every drawing.
        this.#askedAt.set(id, Date.now())
      }
      try {
        this.learn(await this.#portal.people(ids))
        this.#failures = 0
        for (const id of ids) if (!this.#store.state.people.has(id)) this.#strangers.add(id)
        if (ids.some((id) => this.#strangers.has(id))) this.#store.notify()
      } catch {
        for (const id of ids) this.#wanted.add(id)
        const pause = AGAIN_MS[Math.min(this.#failures, AGAIN_MS.length - 1)]
        this.#failures += 1
        if (!this.#over) setTimeout(() => void this.#ask(), pause)
        return
      }
    }
    this.#gathering = false
  }

  /** Asks no more. */
  stop(): void {
    this.#over = true
  }

  /** What a room says somebody is called. */
  #toldName(id: UserId): string | null {
    for (const room of this.#store.state.rooms.values()) {
      const name = text(fact(room, 'm.room.member', id)?.content['displayname'])
      if (name !== null && name !== '') return name
    }
    return null
  }
}
