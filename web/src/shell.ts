/**
 * What the service worker answers: the shell of the client, so that it opens without a network. It
 * never sees a token and never touches a conversation, a sign-in page or an address with a query.
 */

/** The part of a `Cache` that is used. */
export interface ShellCache {
  match(request: string): Promise<Response | undefined>
  put(request: string, response: Response): Promise<void>
  keys(): Promise<readonly { readonly url: string }[]>
  delete(request: string): Promise<boolean>
}

export type Kind = 'asset' | 'page' | null

/** More than two versions of the client; beyond that the oldest go. */
const KEPT = 120
/** A network that takes longer is as good as none. */
const PATIENCE_MS = 4000

/** What a request is to the shell; null: none of its business. */
export function kindOf(request: { readonly method: string; readonly url: string; readonly mode: string }, origin: string): Kind {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== origin) return null
  if (url.pathname.startsWith('/assets/')) return 'asset'
  // With a query it is an answer of the sign-in: its code must lie in no cache.
  return request.mode === 'navigate' && url.pathname === '/' && url.search === '' ? 'page' : null
}

/** Hashed files never change: what is kept is right. */
export async function asset(url: string, cache: ShellCache, get: (url: string) => Promise<Response>): Promise<Response> {
  const kept = await cache.match(url)
  if (kept) return kept
  const response = await get(url)
  if (response.ok) {
    await cache.put(url, response.clone())
    const keys = await cache.keys()
    for (const { url: old } of keys.slice(0, Math.max(0, keys.length - KEPT))) await cache.delete(old)
  }
  return response
}

/** The newest page that can be had. */
export async function page(cache: ShellCache, get: (url: string) => Promise<Response>): Promise<Response> {
  const kept = await cache.match('/')
  try {
    const response = await (kept ? Promise.race([get('/'), tooLate()]) : get('/'))
    // A proxy's error page is no page of ours.
    if (!response.ok && kept) return kept
    if (response.ok && !response.redirected) await cache.put('/', response.clone())
    return response
  } catch (error) {
    if (kept) return kept
    throw error
  }
}

const tooLate = (): Promise<never> => new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), PATIENCE_MS))
