/**
 * Decides what the page becomes: the sign-in page of the portal, or the app. It is the only script
 * that every visit loads, so it stays below 5 KB.
 */
import './boot.css'

import { Database } from '../mx/db'
import { askEarly } from '../mx/early'
import { answerIn, completeSignIn, signInAddress, SignInFailed, storedSession } from '../mx/session'
import { showFailure } from './failure'

/** The portal's page for somebody who has just signed out; it starts no sign-in by itself. */
const SIGNED_OUT_PAGE = '/adgang/logget-ud/'

const SIGN_IN_PAGE = '/adgang/log-ind/'

/**
 * To the sign-in page at once, and on from there: without a session here there hardly is one at the portal, and
 * its authorization endpoint would only send the browser there, one more round trip later.
 */
async function signIn(returnTo: string): Promise<void> {
  const next = await signInAddress(location.origin, returnTo)
  location.assign(`${SIGN_IN_PAGE}?${new URLSearchParams({ next })}`)
}

async function boot(): Promise<void> {
  const address = new URL(location.href)
  const answer = answerIn(address)
  // The code leaves the address, and so the history, before anything else runs.
  if (answer !== null) history.replaceState(null, '', `/${address.hash}`)
  if (address.searchParams.has('logget-ud')) return location.replace(SIGNED_OUT_PAGE)

  const database = new Database()
  let over = false
  if (answer !== null) {
    try {
      history.replaceState(null, '', `/${await completeSignIn(database, answer, location.origin)}`)
    } catch (error) {
      // A code that was used before (Back, a restored tab): harmless when the session is there.
      const stale = error instanceof SignInFailed && (await storedSession(database)) !== undefined
      // Renewed silently in vain: what is kept can be read, and a strip says how to get on.
      over = error instanceof SignInFailed && error.wantsPerson && !stale && (await database.get('kept', 'me')) !== undefined
      if (over) history.replaceState(null, '', `/${(error as SignInFailed).returnTo}`)
      else if (!stale) return showFailure(error, () => void signIn(address.hash))
    }
  }
  const session = over ? undefined : await storedSession(database)
  if (!over && session === undefined) return signIn(location.hash)
  await database.close()
  const early = session && askEarly(session)
  const { start } = await import('../main')
  await start(over, early)
}

boot().catch(async (error: unknown) => {
  const over = error instanceof Error && 'code' in error && error.code === 'signed_out'
  if (over) await signIn(location.hash)
  else showFailure(error, () => location.reload())
})
