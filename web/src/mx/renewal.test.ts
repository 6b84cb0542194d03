import { locks } from 'node:worker_threads'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { ME } from '../../test/room'
import { Database } from './db'
import { LEAVING } from './leaving'
import type { Me } from './model'
import { Renewal } from './renewal'
import { emptyState } from './store/state'
import { Store } from './store/store'

Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })

const me: Me = {
  id: ME, name: 'Mig', organisation: null, organisationName: null, role: 'member', guest: false, moderates: [], email: '', language: 'da', demo: false, serverName: 'localhost',
}

const database = new Database()
let store: Store
let renewal: Renewal
let went: string[]
let reloads: number

beforeEach(async () => {
  await database.clear()
  sessionStorage.clear()
  document.body.replaceChildren()
  went = []
  reloads = 0
  vi.stubGlobal('location', {
    origin: 'http://localhost', hash: '#/dig', assign: (to: string) => void went.push(to), reload: () => void (reloads += 1),
  })
  store = new Store(emptyState(me))
  renewal = new Renewal({ database, tokens: { forget: () => database.clear(['session']) }, store })
})

afterEach(() => renewal.stop())

const end = (): void => store.change((state) => ({ ...state, connection: 'signed-out' }))
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))
const promptOf = (to: string | undefined): string | null => new URL(to ?? '', 'http://localhost').searchParams.get('prompt')

test('a session that has ended is renewed silently, after the words have been kept', async () => {
  renewal.watch(false)
  const kept = vi.fn()
  addEventListener(LEAVING, kept, { once: true })
  end()
  await vi.waitFor(() => expect(went).toHaveLength(1))
  expect(promptOf(went[0])).toBe('none')
  expect(kept).toHaveBeenCalledOnce()
})

test('not again at once when it was in vain; the person may still choose to', async () => {
  renewal.watch(true)
  end()
  await settled()
  expect(went).toEqual([])
  await renewal.askPerson()
  expect(promptOf(went[0])).toBeNull()
})

test('not while words stand in a field that would be lost', async () => {
  document.body.innerHTML = '<form><textarea></textarea></form><form data-draft><textarea></textarea></form>'
  const [field, draft] = document.querySelectorAll('textarea')
  renewal.watch(false)
  if (field) field.value = 'Ikke gemt'
  end()
  await settled()
  expect(went).toEqual([])
  if (field) field.value = ''
  if (draft) draft.value = 'Gemt som kladde'
  store.notify()
  await vi.waitFor(() => expect(went).toHaveLength(1))
})

test('another tab has signed in meanwhile: this one takes up its session', async () => {
  await database.put('session', 'current', { deviceId: 'D' })
  renewal.watch(false)
  end()
  await vi.waitFor(() => expect(reloads).toBe(1))
  expect(went).toEqual([])
})

test('of two tabs that are seen one renews', async () => {
  const other = new Store(emptyState(me))
  const second = new Renewal({ database, tokens: { forget: () => database.clear(['session']) }, store: other })
  renewal.watch(false)
  second.watch(false)
  end()
  other.change((state) => ({ ...state, connection: 'signed-out' }))
  await vi.waitFor(() => expect(went).toHaveLength(1))
  await settled()
  second.stop()
  expect(went).toHaveLength(1)
})
