/** The service worker: gives what `shell.ts` answers. */
import { asset, kindOf, page } from './shell'

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface FetchLikeEvent extends LastingEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

interface Scope {
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
}

const scope = globalThis as unknown as Scope
const SHELL = 'samtale-shell-1'

addEventListener('install', (event) => {
  const started = caches.open(SHELL).then((cache) => page(cache, fetch))
  ;(event as LastingEvent).waitUntil(started.catch(() => undefined).then(() => scope.skipWaiting()))
})

addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name)
    await scope.clients.claim()
  }
  ;(event as LastingEvent).waitUntil(tidy())
})

addEventListener('fetch', (event) => {
  const { request, respondWith } = event as FetchLikeEvent
  const kind = kindOf(request, location.origin)
  if (kind === null) return
  const answer = caches.open(SHELL).then((cache) => (kind === 'asset' ? asset(request.url, cache, fetch) : page(cache, fetch)))
  respondWith.call(event, answer)
})
