/** The app itself: connects, then draws. Loaded by the boot script when somebody is signed in. */
import type { ComponentType } from 'react'
import { createRoot } from 'react-dom/client'

import type { Client } from './mx/client'
import { connect } from './mx/connect'

const views = import.meta.glob<ComponentType<{ client: Client }>>('./features/App.tsx', { eager: true, import: 'default' })

export async function start(): Promise<void> {
  const client = await connect()
  const App = views['./features/App.tsx']
  const place = document.getElementById('app')
  if (!App || !place) throw new Error('the page has no place for the app')
  createRoot(place).render(<App client={client} />)
}
