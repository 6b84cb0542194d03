/** What the boot script asks while the app is on its way. Small on purpose. */
import type * as Api from './api-types'
import type { Session } from './session'

/** Who is signed in; null when that came to nothing: then the app asks in its own way and says what is wrong. */
export async function askEarly({ accessToken, expiresAt }: Session): Promise<Api.Me | null> {
  if (expiresAt <= Date.now()) return null
  try {
    const response = await fetch('/api/me', {
      headers: { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' },
      credentials: 'omit',
      signal: AbortSignal.timeout(30_000),
    })
    return response.ok ? ((await response.json()) as Api.Me) : null
  } catch {
    return null
  }
}
