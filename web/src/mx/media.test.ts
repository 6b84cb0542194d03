import { beforeEach, expect, test, vi } from 'vitest'

import type { Ask, Http } from './http'
import { Media } from './media'

let asked: Ask[]
let media: Media
let revoked: string[]

beforeEach(() => {
  asked = []
  revoked = []
  let n = 0
  // jsdom has neither.
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => `blob:${++n}`, revokeObjectURL: (url: string) => void revoked.push(url) }))
  const http = {
    blob: async (ask: Ask) => (asked.push(ask), new Blob(['x'])),
    json: async (ask: Ask) => (asked.push(ask), { content_uri: 'mxc://localhost/new' }),
  }
  media = new Media(http as unknown as Http)
})

test('a file and its scaled picture are fetched with the token, once each', async () => {
  const one = await media.url('mxc://localhost/abc')
  expect(await media.url('mxc://localhost/abc')).toBe(one)
  await media.url('mxc://localhost/abc', { width: 640, height: 480 })
  expect(asked.map(({ path }) => path)).toEqual(['/_matrix/client/v1/media/download/localhost/abc', '/_matrix/client/v1/media/thumbnail/localhost/abc'])
  expect(asked[1]?.query).toMatchObject({ width: '640', height: '480', method: 'scale' })
})

test.each(['https://spy.example/x.png', 'mxc://localhost/../../api/me', 'mxc://localhost', ''])('%j is no address of media', async (mxc) => {
  await expect(media.url(mxc)).rejects.toMatchObject({ code: 'not_an_mxc' })
  expect(asked).toEqual([])
})

test('what has not been seen for long is let go', async () => {
  for (let n = 0; n < 125; n++) await media.url(`mxc://localhost/f${n}`)
  await Promise.resolve()
  expect(revoked).toEqual(['blob:1', 'blob:2', 'blob:3', 'blob:4', 'blob:5'])
})

test('an upload answers with the address', async () => {
  const onSent = (): void => undefined
  expect(await media.upload(new Blob(['x'], { type: 'image/png' }), 'skærm.png', new AbortController().signal, onSent)).toBe('mxc://localhost/new')
  expect(asked[0]).toMatchObject({ method: 'POST', path: '/_matrix/media/v3/upload', query: { filename: 'skærm.png' }, onSent })
})
