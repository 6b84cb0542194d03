/**
 * Signing in and staying signed in: OAuth 2.0 code grant with PKCE S256 against the portal
 * (Matrix spec 1.15, "OAuth 2.0 API"). Tokens live in IndexedDB only, never in an address or a log.
 * Small on purpose: the boot script carries it.
 */
import type { Database } from './db'
import { Refused, SignedOut, Unreachable } from './errors'

const CLIENT_ID = 'samtale-web'
const AUTHORIZE = '/adgang/matrix/authorize'
const TOKEN = '/adgang/matrix/oauth2/token'
const PENDING = 'samtale.sign-in'
const LOCK = 'samtale.token'
/** A token that ends within this time is renewed before it is used. */
const MARGIN_MS = 20_000

export interface Session {
  readonly deviceId: string
  readonly accessToken: string
  readonly refreshToken: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

interface Pending {
  readonly state: string
  readonly verifier: string
  readonly deviceId: string
  readonly returnTo: string
}

interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

/** The answer does not belong to a sign-in that this tab began, or the portal refused. */
export class SignInFailed extends Error {
  readonly code: string
  /** Where the person was, when the portal's answer is to a sign-in that this tab began. */
  readonly returnTo: string

  constructor(code: string, returnTo = '') {
    super(code)
    this.name = 'SignInFailed'
    this.code = code
    this.returnTo = returnTo
  }

  /** Asked silently, the portal would have had to ask the person something (OpenID Connect Core, 3.1.2.6). */
  get wantsPerson(): boolean {
    return ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'].includes(this.code)
  }
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const random = (bytes: number): string => base64url(crypto.getRandomValues(new Uint8Array(bytes)))

async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
}

/**
 * Makes the address of the portal's authorization endpoint and remembers what belongs to it.
 * `silent`: the portal asks nothing and shows no page; without a session there it answers `login_required`.
 */
export async function signInAddress(origin: string, returnTo: string, silent = false): Promise<string> {
  const letters = crypto.getRandomValues(new Uint8Array(12))
  const pending: Pending = {
    state: random(24),
    verifier: random(48),
    deviceId: Array.from(letters, (byte) => String.fromCharCode(65 + (byte % 26))).join(''),
    returnTo,
  }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  const query = new URLSearchParams({
    response_type: 'code',
    response_mode: 'query',
    client_id: CLIENT_ID,
    redirect_uri: `${origin}/`,
    scope: `urn:matrix:client:api:* urn:matrix:client:device:${pending.deviceId} urn:dk:os2:samtale:api`,
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
    ...(silent && { prompt: 'none' }),
  })
  return `${AUTHORIZE}?${query}`
}

/** What the portal sent back in the address, or null when the address holds no answer. */
export interface Answer {
  readonly code: string | null
  readonly state: string
  readonly error: string | null
}

export function answerIn(address: URL): Answer | null {
  const { searchParams } = address
  const state = searchParams.get('state')
  const code = searchParams.get('code')
  const error = searchParams.get('error')
  return state !== null && (code !== null || error !== null) ? { code, state, error } : null
}

/**
 * Trades the code for tokens and keeps them.
 *
 * Returns:
 *   The fragment (`#/…`, or empty) where the person was before signing in.
 * Raises:
 *   SignInFailed: `state` when the answer is not ours, else the portal's error code.
 *   Unreachable: no answer; the code has not been used up as far as we know.
 */
export async function completeSignIn(database: Database, answer: Answer, origin: string): Promise<string> {
  const kept = sessionStorage.getItem(PENDING)
  const pending = kept === null ? null : (JSON.parse(kept) as Pending)
  if (pending === null || pending.state !== answer.state) throw new SignInFailed('state')
  if (answer.code === null) {
    sessionStorage.removeItem(PENDING)
    throw new SignInFailed(answer.error ?? 'error', pending.returnTo)
  }
  const tokens = await tokenRequest({
    grant_type: 'authorization_code',
    code: answer.code,
    redirect_uri: `${origin}/`,
    code_verifier: pending.verifier,
  }).catch((error: unknown) => {
    throw error instanceof Refused && !error.passing ? new SignInFailed(error.code) : error
  })
  await keep(database, sessionOf(tokens, pending.deviceId))
  sessionStorage.removeItem(PENDING)
  return pending.returnTo
}

export function storedSession(database: Database): Promise<Session | undefined> {
  return database.get<Session>('session', 'current')
}

const keep = (database: Database, session: Session): Promise<void> => database.put('session', 'current', session)

function sessionOf(answer: TokenAnswer, deviceId: string): Session {
  return {
    deviceId,
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + answer.expires_in * 1000,
  }
}

async function tokenRequest(fields: Record<string, string>): Promise<TokenAnswer> {
  let response: Response
  try {
    response = await fetch(TOKEN, {
      method: 'POST',
      body: new URLSearchParams({ client_id: CLIENT_ID, ...fields }),
      credentials: 'omit',
      signal: AbortSignal.timeout(30_000),
    })
  } catch {
    throw new Unreachable()
  }
  const body: unknown = await response.json().catch(() => null)
  const fieldsOf = (typeof body === 'object' && body !== null ? body : {}) as Partial<Record<string, unknown>>
  if (!response.ok) {
    throw new Refused(response.status, String(fieldsOf['error'] ?? `http_${response.status}`), 'the token endpoint refused')
  }
  const { access_token, refresh_token, expires_in } = fieldsOf
  if (typeof access_token !== 'string' || typeof refresh_token !== 'string') throw new Unreachable('the token answer is not complete')
  return { access_token, refresh_token, expires_in: typeof expires_in === 'number' ? expires_in : 300 }
}

/** The access token for a request; renewed by one tab for all. */
export class Tokens {
  readonly #database: Database
  #session: Session | null = null

  constructor(database: Database) {
    this.#database = database
  }

  /** Raises: SignedOut, Unreachable, Refused (passing). */
  async access(): Promise<string> {
    const session = (this.#session ??= (await storedSession(this.#database)) ?? null)
    if (session === null) throw new SignedOut()
    return session.expiresAt - MARGIN_MS > Date.now() ? session.accessToken : this.renew(session.accessToken)
  }

  /** A token other than `stale`: the one another tab has fetched meanwhile, or a new one. */
  renew(stale: string): Promise<string> {
    return navigator.locks.request(LOCK, async () => {
      const session = await storedSession(this.#database)
      if (session === undefined) {
        this.#session = null
        throw new SignedOut()
      }
      const fresh = session.accessToken === stale ? await this.#refresh(session) : session
      this.#session = fresh
      return fresh.accessToken
    })
  }

  /** Drops the tokens; what is stored besides them stays for the next sign-in of the same person. */
  async forget(): Promise<void> {
    this.#session = null
    await this.#database.clear(['session'])
  }

  async #refresh(session: Session): Promise<Session> {
    try {
      const answer = await tokenRequest({ grant_type: 'refresh_token', refresh_token: session.refreshToken })
      const fresh = sessionOf(answer, session.deviceId)
      // One write replaces the old pair: until it has been committed the old refresh token is still there,
      // and the portal forgives one replay whose successor was never used.
      await keep(this.#database, fresh)
      return fresh
    } catch (error) {
      if (!(error instanceof Refused) || error.passing) throw error
      await this.forget()
      throw new SignedOut()
    }
  }
}
