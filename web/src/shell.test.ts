// @vitest-environment node
import { describe, expect, test } from 'vitest'

import { asset, kindOf, page, type ShellCache } from './shell'

const ORIGIN = 'https://samtale.example.org'

describe('the shell is', () => {
  const ask = (path: string, more: Partial<Request> = {}): ReturnType<typeof kindOf> => kindOf({ method: 'GET', mode: 'navigate', url: new URL(path, ORIGIN).href, ...more }, ORIGIN)

  test('the page and its hashed files', () => {
    expect(ask('/')).toBe('page')
    expect(ask('/#/c/os2display')).toBe('page')
    expect(ask('/assets/main-abc.js', { mode: 'cors' })).toBe('asset')
  })

  test.each(['/?code=secret&state=x', '/adgang/log-ind/', '/api/me', '/_matrix/client/v3/sync', '/p/os2display', 'https://elsewhere.example.org/assets/x.js', '/assets/../api/me'])(
    'not %s', (path) => expect(ask(path)).toBeNull(),
  )

  test('no request that changes something', () => expect(ask('/', { method: 'POST' })).toBeNull())
})

class Kept implements ShellCache {
  readonly entries = new Map<string, Response>()
  match = async (url: string): Promise<Response | undefined> => this.entries.get(url)?.clone()
  put = async (url: string, response: Response): Promise<void> => void this.entries.set(url, response)
  keys = async (): Promise<readonly { url: string }[]> => [...this.entries.keys()].map((url) => ({ url }))
  delete = async (url: string): Promise<boolean> => this.entries.delete(url)
}

const says = (text: string, status = 200) => async (): Promise<Response> => new Response(text, { status })
const nothing = async (): Promise<Response> => Promise.reject(new TypeError('no network'))

test('a hashed file comes from the network once', async () => {
  const kept = new Kept()
  expect(await (await asset('/assets/a.js', kept, says('a'))).text()).toBe('a')
  expect(await (await asset('/assets/a.js', kept, nothing)).text()).toBe('a')
})

test('an error is not kept', async () => {
  const kept = new Kept()
  expect((await asset('/assets/a.js', kept, says('gone', 404))).status).toBe(404)
  expect(kept.entries.size).toBe(0)
})

test('the oldest files go when there are too many', async () => {
  const kept = new Kept()
  for (let n = 0; n < 130; n++) await asset(`/assets/${n}.js`, kept, says(String(n)))
  expect(kept.entries.size).toBe(120)
  expect(kept.entries.has('/assets/0.js')).toBe(false)
  expect(kept.entries.has('/assets/129.js')).toBe(true)
})

test('the page is the newest one, and the kept one without a network', async () => {
  const kept = new Kept()
  await page(kept, says('one'))
  expect(await (await page(kept, says('two'))).text()).toBe('two')
  expect(await (await page(kept, nothing)).text()).toBe('two')
  expect(await (await page(kept, says('bad gateway', 502))).text()).toBe('two')
  await expect(page(new Kept(), nothing)).rejects.toThrow('no network')
})
