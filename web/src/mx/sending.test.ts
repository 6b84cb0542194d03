// @vitest-environment node
import { JSDOM } from 'jsdom'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { TestServer, type Answered } from '../../test/server'
import { Cancelled } from './errors'
import { Http, type Ask } from './http'

const tokens = { access: async () => 'old', renew: async () => 'new' }
let server: TestServer
let page: JSDOM['window']

/** The client on a page of this server: a browser lets `XMLHttpRequest` reach its own origin alone. */
async function serve(...args: ConstructorParameters<typeof TestServer>): Promise<Http> {
  server = new TestServer(...args)
  page = new JSDOM('', { url: await server.start() }).window
  vi.stubGlobal('XMLHttpRequest', page.XMLHttpRequest)
  return new Http(tokens)
}

/** jsdom's requests take a Blob of jsdom's, Node's `fetch` one of Node's. */
function uploadBy(blob: typeof Blob, type = 'application/pdf'): Ask {
  vi.stubGlobal('Blob', blob)
  return { method: 'POST', path: '/upload', query: { filename: 'plan.pdf' }, body: new blob(['the whole file'], { type }) }
}

const NodeBlob = Blob
const plain = (type?: string): Ask => uploadBy(NodeBlob, type)
const told = (type?: string): Ask => ({ onSent: () => undefined, ...uploadBy(page.Blob, type) })

afterEach(async () => {
  page.close()
  await server.stop()
})

test('tells how much has been sent, from nothing to all', async () => {
  const http = await serve(() => ({ json: { content_uri: 'mxc://localhost/new' } }))
  const shares: number[] = []
  expect(await http.json({ ...told(), onSent: (share) => shares.push(share) })).toEqual({ content_uri: 'mxc://localhost/new' })
  expect([shares[0], shares.at(-1)]).toEqual([0, 1])
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
})

test('begins from nothing with the second token', async () => {
  const http = await serve(({ token }) => (token === 'new' ? { json: 1 } : { status: 401, json: { errcode: 'M_UNKNOWN_TOKEN' } }))
  const shares: number[] = []
  await http.json({ ...told(), onSent: (share) => shares.push(share) })
  expect(shares.filter((share) => share === 0)).toHaveLength(2)
})

test('an upload that is given up is cancelled', async () => {
  const http = await serve(() => new Promise(() => undefined))
  const given = new AbortController()
  const asked = http.json({ ...told(), signal: given.signal })
  await expect.poll(() => server.asked.length).toBe(1)
  given.abort()
  await expect(asked).rejects.toBeInstanceOf(Cancelled)
})

test('an upload that was given up before it began is not begun', async () => {
  const http = await serve(() => ({ json: 1 }))
  await expect(http.json({ ...told(), signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Cancelled)
  expect(server.asked).toEqual([])
})

describe('asks and answers as fetch does', () => {
  const limited = { status: 429, headers: { 'Retry-After': '7' }, json: { errcode: 'M_LIMIT_EXCEEDED', error: 'slowly' } }
  const outcome = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then((answer) => ({ answer }), (error: Error) => ({ kind: error.constructor, text: error.message, ...error }))

  test.each<readonly [string, Partial<Ask>, Answered]>([
    ['the address', {}, { json: { content_uri: 'mxc://localhost/new' } }],
    ['what is no JSON', {}, { text: '<html>' }],
    ['an answer without a body', {}, { status: 204 }],
    ['a token that is not known', {}, { status: 401, json: { errcode: 'M_UNKNOWN_TOKEN', error: 'who?' } }],
    ['a refusal', {}, { status: 403, json: { errcode: 'M_FORBIDDEN', error: 'no' } }],
    ['too large for the homeserver', {}, { status: 413, json: { errcode: 'M_TOO_LARGE', error: 'too large' } }],
    ['too large for a proxy', {}, { status: 413, text: '<html>413</html>' }],
    ['a rate limit', { rateLimitTries: 0 }, limited],
    ['a fault', {}, { status: 502, text: '' }],
    ['a cut connection', {}, { cut: true }],
  ])('%s', async (_what, more, answered) => {
    const http = await serve(() => answered)
    const expected = await outcome(http.json({ ...plain(), ...more }))
    const asked = server.asked.splice(0)
    expect(await outcome(http.json({ ...told(), ...more }))).toEqual(expected)
    expect(server.asked).toEqual(asked)
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/upload', token: 'old', type: 'application/pdf', body: 'the whole file' })
  })

  test('a file of no known type', async () => {
    const http = await serve(() => ({ json: 1 }))
    await http.json(plain(''))
    await http.json(told(''))
    expect(server.asked.map(({ type }) => type)).toEqual(['application/octet-stream', 'application/octet-stream'])
  })

  test('no answer in time', async () => {
    const http = await serve(() => new Promise(() => undefined))
    const expected = await outcome(http.json({ ...plain(), patience: 20 }))
    expect(await outcome(http.json({ ...told(), patience: 20 }))).toEqual(expected)
    expect(expected).toMatchObject({ code: 'unreachable' })
  })

  test('waits out a rate limit, and is given up while it waits', async () => {
    let turn = 0
    const http = await serve(() => (turn++ === 0 ? { status: 429, json: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 5 } } : limited))
    const given = new AbortController()
    const asked = http.json({ ...told(), signal: given.signal })
    await expect.poll(() => server.asked.length).toBe(2)
    given.abort()
    await expect(asked).rejects.toBeInstanceOf(Cancelled)
  })
})
