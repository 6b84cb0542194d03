import { locks } from 'node:worker_threads'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { TestServer, type Answered, type Asked } from '../../test/server'
import { Database } from './db'
import { answerIn, completeSignIn, signInAddress, storedSession, Tokens } from './session'

Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })

let database: Database
let server: TestServer
let answer: (asked: Asked) => Answered

beforeEach(async () => {
  database = new Database()
  await database.clear()
  sessionStorage.clear()
  server = new TestServer((asked) => answer(asked))
  await server.start()
})

afterEach(() => server.stop())

const issued = (n: number, seconds = 300): Answered => ({ json: { access_token: `access${n}`, refresh_token: `refresh${n}`, expires_in: seconds } })

const keptState = (): string => (JSON.parse(sessionStorage.getItem('samtale.sign-in') ?? '{}') as { state: string }).state

async function signedIn(seconds = 300): Promise<void> {
  answer = () => issued(1, seconds)
  await signInAddress('http://localhost', '#/seneste')
  await completeSignIn(database, { code: 'c', state: keptState(), error: null }, 'http://localhost')
  server.asked.length = 0
}

test('asks for a code with PKCE S256, in the query, for one device', async () => {
  const address = new URL(await signInAddress('http://localhost', '#/seneste'), 'http://localhost')
  const query = Object.fromEntries(address.searchParams)
  expect(address.pathname).toBe('/adgang/matrix/authorize')
  expect(query).toMatchObject({ response_type: 'code', response_mode: 'query', client_id: 'samtale-web', redirect_uri: 'http://localhost/', code_challenge_method: 'S256' })
  expect(query['scope']).toMatch(/^urn:matrix:client:api:\* urn:matrix:client:device:[A-Z]{12} urn:dk:os2:samtale:api$/)
  expect(query['code_challenge']).toMatch(/^[\w-]{43}$/)
})

test('asks silently with prompt=none, and tells when the person is wanted', async () => {
  expect(new URL(await signInAddress('http://localhost', '#/dig', true), 'http://localhost').searchParams.get('prompt')).toBe('none')
  const refused = completeSignIn(database, { code: null, state: keptState(), error: 'login_required' }, 'http://localhost')
  await expect(refused).rejects.toMatchObject({ code: 'login_required', wantsPerson: true, returnTo: '#/dig' })
  expect(new URL(await signInAddress('http://localhost', ''), 'http://localhost').searchParams.has('prompt')).toBe(false)
})

test('trades the code for tokens and comes back to the place', async () => {
  answer = () => issued(1)
  await signInAddress('http://localhost', '#/c/os2display')
  const back = await completeSignIn(database, { code: 'abc', state: keptState(), error: null }, 'http://localhost')
  expect(back).toBe('#/c/os2display')
  expect((await storedSession(database))?.accessToken).toBe('access1')
  const form = new URLSearchParams(server.asked[0]?.body)
  expect(form.get('code')).toBe('abc')
  expect(form.get('code_verifier')).toMatch(/^[\w-]{64}$/)
  expect(sessionStorage.getItem('samtale.sign-in')).toBeNull()
})

test('refuses an answer to a sign-in that this tab did not begin', async () => {
  answer = () => issued(1)
  await signInAddress('http://localhost', '')
  await expect(completeSignIn(database, { code: 'abc', state: 'forged', error: null }, 'http://localhost')).rejects.toMatchObject({ code: 'state' })
  expect(server.asked).toEqual([])
  expect(await storedSession(database)).toBeUndefined()
})

test('keeps state and verifier when the portal does not answer, so that the code can be tried again', async () => {
  answer = () => ({ status: 503, json: { error: 'temporarily_unavailable' } })
  await signInAddress('http://localhost', '')
  const state = keptState()
  await expect(completeSignIn(database, { code: 'abc', state, error: null }, 'http://localhost')).rejects.toMatchObject({ status: 503 })
  answer = () => issued(1)
  await completeSignIn(database, { code: 'abc', state, error: null }, 'http://localhost')
  expect((await storedSession(database))?.refreshToken).toBe('refresh1')
})

test('reads an answer only when there is one', () => {
  expect(answerIn(new URL('http://localhost/?code=1&state=2#/x'))).toEqual({ code: '1', state: '2', error: null })
  expect(answerIn(new URL('http://localhost/?error=access_denied&state=2'))).toMatchObject({ error: 'access_denied' })
  expect(answerIn(new URL('http://localhost/?code=1'))).toBeNull()
  expect(answerIn(new URL('http://localhost/#/seneste'))).toBeNull()
})

test('many requests and two tabs renew once', async () => {
  await signedIn(1)
  answer = () => issued(2)
  const [one, other] = [new Tokens(database), new Tokens(new Database())]
  const tokens = await Promise.all([one.access(), one.access(), other.access(), other.access()])
  expect(new Set(tokens)).toEqual(new Set(['access2']))
  expect(server.asked).toHaveLength(1)
  expect((await storedSession(database))?.refreshToken).toBe('refresh2')
})

test('an answer that is lost leaves the old refresh token', async () => {
  await signedIn(1)
  answer = () => ({ cut: true })
  await expect(new Tokens(database).access()).rejects.toMatchObject({ code: 'unreachable' })
  expect((await storedSession(database))?.refreshToken).toBe('refresh1')
})

test('a refused refresh token ends the session and nothing else', async () => {
  await signedIn(1)
  await database.put('drafts', 'room|', 'kladde')
  answer = () => ({ status: 400, json: { error: 'invalid_grant' } })
  await expect(new Tokens(database).access()).rejects.toMatchObject({ code: 'signed_out' })
  expect(await storedSession(database)).toBeUndefined()
  expect(await database.get('drafts', 'room|')).toBe('kladde')
})
