import { beforeEach, expect, test } from 'vitest'

import { ME } from '../../test/room'
import { Database } from './db'
import type { Me, Person } from './model'
import { People } from './people'
import { emptyState } from './store/state'
import { Store } from './store/store'

const me: Me = {
  id: ME, name: 'Mig', organisation: null, organisationName: null, role: 'member', guest: false, moderates: [], email: '', language: 'da', demo: false, serverName: 'localhost',
}
const personOf = (id: string): Person => ({ id, name: `Navn ${id}`, organisation: 'Aarhus', organisationName: 'Aarhus Kommune', role: 'member', guest: false, moderates: [] })

const database = new Database()
let store: Store
let asked: Array<readonly string[]>

beforeEach(async () => {
  await database.clear()
  store = new Store(emptyState(me))
  asked = []
})

const portal = {
  people: async (ids: readonly string[]): Promise<readonly Person[]> => {
    asked.push(ids)
    return ids.filter((id) => id !== '@nobody:x').map(personOf)
  },
}

const changed = (): Promise<void> => new Promise((resolve) => {
  const stop = store.subscribe(() => (stop(), resolve()))
})

test('many drawings are one request, and the same placeholder until it is answered', async () => {
  const people = new People(portal, database, store)
  const first = people.person('@a:x')
  expect(first).toMatchObject({ id: '@a:x', name: '…' })
  expect(people.person('@a:x')).toBe(first)
  people.person('@nobody:x')
  await changed()
  expect(asked).toEqual([['@a:x', '@nobody:x']])
  expect(people.person('@a:x').name).toBe('Navn @a:x')
  // Somebody the portal does not know is not asked for with every drawing.
  people.person('@nobody:x')
  people.want(['@b:x'])
  await changed()
  expect(asked.at(-1)).toEqual(['@b:x'])
})

test('a large room is asked for in portions of a hundred', async () => {
  const people = new People(portal, database, store)
  people.want(Array.from({ length: 250 }, (_, n) => `@${n}:x`))
  await changed()
  await changed()
  await changed()
  expect(asked.map((ids) => ids.length)).toEqual([100, 100, 50])
})

test('who was known is known at the next visit', async () => {
  new People(portal, database, store).learn([personOf('@a:x')])
  await database.get('people', '@a:x')
  store = new Store(emptyState(me))
  const people = new People(portal, database, store)
  await people.restore()
  expect(people.person('@a:x').name).toBe('Navn @a:x')
  expect(asked).toEqual([])
})
