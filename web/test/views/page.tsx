/** The views on the world in memory, for eyes and screenshots. Query: theme, state. */
import { createRoot } from 'react-dom/client'

import App from '../../src/features/App'
import { prefer } from '../../src/features/settings/preferences'
import { messageOf } from './messages'
import { clientOf, type World } from './client'
import { worldAt } from './world'

const query = new URLSearchParams(location.search)
const theme = query.get('theme')
prefer({ theme: theme === 'light' || theme === 'dark' ? theme : 'system', language: query.get('language') === 'en' ? 'en' : 'da' })

/** A Monday before noon, as in the pictures. */
const moment = new Date(2026, 10, 23, 10, 40).getTime()
const offset = moment - Date.now()
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given: []) {
    if (given.length === 0) super(RealDate.now() + offset)
    else super(...given)
  }

  static override now(): number {
    return RealDate.now() + offset
  }
} as DateConstructor

const world = worldAt(moment)
const states: Record<string, Partial<World>> = {
  loading: { ready: false, communities: [], topics: {}, chats: [], timelines: {} },
  empty: { topics: {}, chats: [], timelines: {} },
  offline: { connection: 'offline' },
  'signed-out': { connection: 'signed-out' },
}
const client = clientOf({ ...world, ...states[query.get('state') ?? ''] })
if (query.get('state') === 'offline') {
  const key = { roomId: '!os2display.support', root: '$sort' }
  client.act.send(key, { text: 'Vi prøver 2.4.1 på ti skærme onsdag.' })
  client.receive(key, messageOf('~failed', { sender: '@anna:localhost', at: moment, text: 'Og resten torsdag.', state: 'failed' }))
}
const place = document.getElementById('app')
if (place) createRoot(place).render(<App client={client} />)
