/** The app itself: connects, then draws. Loaded by the boot script when somebody is signed in. */
import { createRoot } from 'react-dom/client'

import App from './features/App'
import { preferAs } from './features/settings/preferences'
import type * as Api from './mx/api-types'
import { connect } from './mx/connect'

/** `over`: the session has ended. `early`: who is signed in, asked already. Raises what `connect` raises; the boot script says it in plain words. */
export async function start(over = false, early?: Promise<Api.Me | null>): Promise<void> {
  const client = await connect(over, early)
  preferAs(client.view.me().id)
  const place = document.getElementById('app')
  if (place) createRoot(place).render(<App client={client} />)
  // The next visit then opens without a network; without it everything else still works.
  if (import.meta.env.PROD && 'serviceWorker' in navigator) await navigator.serviceWorker.register('/sw.js').catch(() => undefined)
}
