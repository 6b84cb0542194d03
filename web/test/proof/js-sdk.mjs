/**
 * Proves that a Matrix client which knows nothing of this project signs in and works: matrix-js-sdk
 * against a running installation, through the real pages.
 *
 *   node test/proof/js-sdk.mjs --url http://localhost:8400 --email anna@example.org --password …
 *
 * One line for each step; the exit code is 1 when a step fails. The room it makes is left again.
 */
import { parseArgs } from 'node:util'

import { createClient, OAuth2 } from 'matrix-js-sdk'

import { Browser } from './browser.mjs'

const { values: given } = parseArgs({
  options: { url: { type: 'string' }, email: { type: 'string' }, password: { type: 'string' } },
})
if (!given.url || !given.email || !given.password) {
  console.error('usage: js-sdk.mjs --url URL --email EMAIL --password PASSWORD')
  process.exit(2)
}
const { origin } = new URL(given.url)

/** The library talks a lot; a line here is a step. */
const say = console.log
for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[name] = () => undefined

let steps = 0
async function step(name, work) {
  steps += 1
  const number = String(steps).padStart(2)
  try {
    const value = await work()
    say(`${number} ok    ${name}`)
    return value
  } catch (error) {
    say(`${number} FAIL  ${name}: ${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
}

function check(condition, otherwise) {
  if (!condition) throw new Error(otherwise)
}

const within = (ms, work, otherwise) =>
  Promise.race([work, new Promise((_, reject) => setTimeout(() => reject(new Error(otherwise)), ms))])

const state = crypto.randomUUID()
/** A client somewhere else on the web; another with each run, for consent is remembered. */
const site = `https://c${state.slice(0, 8)}.example.org/`
const redirect = `${site}callback`

const metadata = await step('discovery: the homeserver names its authorization server', async () => {
  const wellKnown = await (await fetch(new URL('/.well-known/matrix/client', origin))).json()
  const baseUrl = wellKnown['m.homeserver'].base_url
  check(new URL(baseUrl).origin === origin, `base_url is ${baseUrl}`)
  return createClient({ baseUrl }).getAuthMetadata()
})

const clientId = await step('registration: an unknown client registers itself', () =>
  OAuth2.registerClient(metadata, {
    client_name: 'Proof', client_uri: site, redirect_uris: [redirect], application_type: 'web',
  }))

const oauth = new OAuth2(metadata, { clientId })
const browser = new Browser()

let page = await step('authorization: the portal asks who it is', async () => {
  const asked = await browser.open(await oauth.generateAuthorizationCodeGrantUrl(state, redirect, 'query'), origin)
  check(asked.page?.querySelector('input[type=password]'), `${asked.url?.pathname ?? asked.left} is not the sign-in page`)
  return asked
})

page = await step('sign-in: the real form takes e-mail and password', async () => {
  const consent = await browser.submit(page, 'input[type=password]', { 'input[name=login]': given.email, 'input[type=password]': given.password }, null, origin)
  check(consent.page, `went to ${consent.left} without asking for consent`)
  const error = consent.page.querySelector('.errorlist, [role=alert]')?.textContent?.trim()
  check(consent.page.querySelector('[name=allow][value=yes]'), error || `${consent.url.pathname} is not the consent page: ${consent.page.querySelector('h1')?.textContent?.trim()}`)
  return consent
})

const code = await step('consent: a yes sends the code to the client and nowhere else', async () => {
  const { left } = await browser.submit(page, '[name=allow][value=yes]', {}, '[name=allow][value=yes]', origin)
  check(left && left.origin + left.pathname === redirect, `went to ${left}`)
  check(left.searchParams.get('state') === state, 'the state is another')
  check(left.searchParams.get('code'), `no code: ${left.searchParams.get('error')}`)
  return left.searchParams.get('code')
})

const tokens = await step('token: the code is traded for tokens of one device', async () => {
  const answer = await oauth.completeAuthorizationCodeGrant(code, redirect)
  check(answer.refresh_token && answer.expires_in > 0 && answer.expires_in <= 600, `lives ${answer.expires_in} s`)
  check(answer.scope.includes(oauth.context.deviceId), `scope is ${answer.scope}`)
  check(!answer.scope.includes('urn:dk:os2:samtale:api') && !answer.scope.includes('admin'), `scope is ${answer.scope}`)
  return answer
})

await step('token: the same code is refused the second time', async () => {
  const again = await new OAuth2(metadata, { ...oauth.context }).completeAuthorizationCodeGrant(code, redirect).then(() => true, () => false)
  check(!again, 'it gave tokens again')
})

/** A replayed code may end what it began (RFC 6749, 4.1.2): the rest works with a sign-in of its own. */
const fresh = await step('authorization: again, with the portal’s session', async () => {
  const second = new OAuth2(metadata, { clientId })
  const asked = await browser.open(await second.generateAuthorizationCodeGrantUrl(state, redirect, 'query'), origin)
  const { left } = asked.left ? asked : await browser.submit(asked, '[name=allow][value=yes]', {}, '[name=allow][value=yes]', origin)
  const answer = await second.completeAuthorizationCodeGrant(left.searchParams.get('code'), redirect)
  return { oauth: second, answer }
})

const renewed = await step('refresh: a new pair for the refresh token', async () => {
  const answer = await fresh.oauth.performRefreshTokenGrant(fresh.answer.refresh_token)
  check(answer.access_token !== fresh.answer.access_token && answer.refresh_token !== fresh.answer.refresh_token, 'the same pair')
  return answer
})

const client = await step('whoami: the homeserver knows person and device', async () => {
  const { user_id: userId, device_id: deviceId } = await createClient({ baseUrl: origin, accessToken: renewed.access_token }).whoami()
  check(deviceId === fresh.oauth.context.deviceId, `device is ${deviceId}`)
  check(/^@[a-z][0-9a-z]{7}:/.test(userId), `${userId} says more than it should`)
  return createClient({
    baseUrl: origin, accessToken: renewed.access_token, refreshToken: renewed.refresh_token, userId, deviceId, oauthClientId: clientId,
  })
})

await step('sync: the first answer arrives', async () => {
  const prepared = new Promise((resolve) => client.on('sync', (now) => now === 'PREPARED' && resolve()))
  await client.startClient({ initialSyncLimit: 1 })
  await within(30_000, prepared, 'no answer within 30 s')
})

await step('createRoom, send, read back', async () => {
  const { room_id: roomId } = await client.createRoom({ preset: 'private_chat' })
  const { event_id: eventId } = await client.sendTextMessage(roomId, 'Hej fra en fremmed klient')
  const event = await client.fetchRoomEvent(roomId, eventId)
  check(event.content.body === 'Hej fra en fremmed klient', 'the message is another')
  await client.leave(roomId)
})

await step('logout: the token is dead at once', async () => {
  const token = client.getAccessToken()
  client.stopClient()
  await client.logout(true)
  const { status } = await fetch(new URL('/_matrix/client/v3/account/whoami', origin), { headers: { Authorization: `Bearer ${token}` } })
  check(status === 401, `whoami answered ${status}`)
  const again = await fresh.oauth.performRefreshTokenGrant(renewed.refresh_token).then(() => true, () => false)
  check(!again, 'the refresh token still works')
})

say(`${tokens.token_type} tokens, ${steps} steps: a foreign client signs in and works`)
process.exit(0)
