// @vitest-environment node
import { afterEach, expect, test } from 'vitest'

import { TestServer } from '../../test/server'
import { Cancelled, Refused, Unreachable } from './errors'
import { Http } from './http'

const tokens = { access: async () => 'old', renew: async () => 'new' }
let server: TestServer

async function serve(...args: ConstructorParameters<typeof TestServer>): Promise<Http> {
  server = new TestServer(...args)
  await server.start()
  return new Http(tokens)
}

afterEach(() => server.stop())

test('sends the token and the query', async () => {
  const http = await serve(() => ({ json: { ok: true } }))
  expect(await http.json({ path: '/api/people', query: { id: ['@a:x', '@b:x'], q: undefined } })).toEqual({ ok: true })
  expect(server.asked[0]?.token).toBe('old')
  expect(server.asked[0]?.query.getAll('id')).toEqual(['@a:x', '@b:x'])
})

test('keeps the portal’s cookie to itself unless it is asked for', async () => {
  const http = await serve(() => ({ json: 1 }))
  const reach = globalThis.fetch
  const sent: unknown[] = []
  globalThis.fetch = (input, init) => {
    sent.push(init?.credentials)
    return reach(input, init)
  }
  await http.json({ path: '/x' })
  await http.json({ path: '/x', cookie: true })
  expect(sent).toEqual(['omit', 'same-origin'])
})

test('renews a token the server no longer knows, once', async () => {
  const http = await serve(({ token }) => (token === 'new' ? { json: 1 } : { status: 401, json: { errcode: 'M_UNKNOWN_TOKEN' } }))
  expect(await http.json({ path: '/x' })).toBe(1)
  expect(server.asked.map(({ token }) => token)).toEqual(['old', 'new'])
})

test('waits out a rate limit as long as the server says', async () => {
  let turn = 0
  const http = await serve(() => (turn++ === 0 ? { status: 429, json: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 5 } } : { json: 2 }))
  expect(await http.json({ path: '/x' })).toBe(2)
})

test('gives a rate limit to the caller that asks for it', async () => {
  const http = await serve(() => ({ status: 429, headers: { 'Retry-After': '7' }, json: { errcode: 'M_LIMIT_EXCEEDED' } }))
  await expect(http.json({ path: '/x', rateLimitTries: 0 })).rejects.toMatchObject({ code: 'M_LIMIT_EXCEEDED', retryAfter: 7000, passing: true })
})

test('tells the portal’s errors with their field', async () => {
  const http = await serve(() => ({ status: 409, json: { error: 'taken', message: 'Navnet er taget', field: 'name' } }))
  const error = await http.json({ path: '/api/x' }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Refused)
  expect(error).toMatchObject({ code: 'taken', message: 'Navnet er taget', field: 'name', status: 409, passing: false })
})

test('a cut connection is unreachable', async () => {
  const http = await serve(() => ({ cut: true }))
  await expect(http.json({ path: '/x' })).rejects.toBeInstanceOf(Unreachable)
})

test('a request that was given up is cancelled', async () => {
  const http = await serve(() => new Promise(() => undefined))
  const given = new AbortController()
  const asked = http.json({ path: '/x', signal: given.signal })
  given.abort()
  await expect(asked).rejects.toBeInstanceOf(Cancelled)
})
