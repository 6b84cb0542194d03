/** Requests to the homeserver and the portal: token, renewal, rate limits, cancelling, typed errors. */
import { Cancelled, Refused, Unreachable } from './errors'
import { send } from './sending'

export interface TokenSource {
  access(): Promise<string>
  renew(stale: string): Promise<string>
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Sent as JSON, or as it is when it is a Blob. */
  readonly body?: unknown
  /** Told how much of the body has been sent, 0 to 1; from 0 again with each try. */
  readonly onSent?: (share: number) => void
  readonly signal?: AbortSignal | undefined
  /** How long to wait for an answer, in milliseconds. */
  readonly patience?: number
  /** Sends the portal's cookie too. The token decides; the cookie says which session ends at sign-out. */
  readonly cookie?: boolean
  /** How often a 429 is waited out; 0 gives it to the caller. */
  readonly rateLimitTries?: number
}

const PATIENCE_MS = 30_000
const LONGEST_WAIT_MS = 60_000

/** Resolves after `ms`, or rejects with Cancelled. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Cancelled())
    const stop = (): void => {
      clearTimeout(timer)
      reject(new Cancelled())
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function addressOf(ask: Ask): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(ask.query ?? {})) {
    if (typeof value === 'string') query.append(name, value)
    else for (const one of value ?? []) query.append(name, one)
  }
  return query.size > 0 ? `${ask.path}?${query}` : ask.path
}

async function refusalOf(response: Response): Promise<Refused> {
  const body = (await response.json().catch(() => ({}))) as Partial<Record<string, unknown>>
  const code = body['errcode'] ?? body['error']
  const message = body['errcode'] === undefined ? body['message'] : body['error']
  const wait = response.headers.get('Retry-After')
  const field = body['field']
  return new Refused(
    response.status,
    typeof code === 'string' ? code : `http_${response.status}`,
    typeof message === 'string' ? message : `HTTP ${response.status}`,
    typeof field === 'string' ? field : null,
    wait !== null && Number.isFinite(Number(wait)) ? Number(wait) * 1000
      : typeof body['retry_after_ms'] === 'number' ? body['retry_after_ms'] : null,
  )
}

export class Http {
  readonly #tokens: TokenSource

  constructor(tokens: TokenSource) {
    this.#tokens = tokens
  }

  /**
   * Raises: Refused (the server's no, after waiting out rate limits), Unreachable, Cancelled, SignedOut.
   */
  async json<T>(ask: Ask): Promise<T> {
    const response = await this.#answered(ask)
    try {
      return (await response.json()) as T
    } catch {
      throw ask.signal?.aborted ? new Cancelled() : new Unreachable('the answer is not JSON')
    }
  }

  async blob(ask: Ask): Promise<Blob> {
    const response = await this.#answered(ask)
    return response.blob()
  }

  async #answered(ask: Ask): Promise<Response> {
    const tries = ask.rateLimitTries ?? 4
    for (let turn = 0; ; turn++) {
      const response = await this.#authorised(ask)
      if (response.ok) return response
      const refusal = await refusalOf(response)
      if (refusal.status !== 429 || turn >= tries) throw refusal
      await pause(Math.min(refusal.retryAfter ?? 1000 * 2 ** turn, LONGEST_WAIT_MS), ask.signal)
    }
  }

  /** With a token; once again with a new one when the server no longer knows it. */
  async #authorised(ask: Ask): Promise<Response> {
    const token = await this.#tokens.access()
    const response = await this.#fetch(ask, token)
    if (response.status !== 401) return response
    return this.#fetch(ask, await this.#tokens.renew(token))
  }

  async #fetch(ask: Ask, token: string): Promise<Response> {
    const isBlob = ask.body instanceof Blob
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, Accept: 'application/json' }
    if (ask.body !== undefined) headers['Content-Type'] = isBlob ? (ask.body as Blob).type || 'application/octet-stream' : 'application/json'
    const patience = AbortSignal.timeout(ask.patience ?? PATIENCE_MS)
    try {
      const request = {
        method: ask.method ?? 'GET',
        headers,
        credentials: ask.cookie ? 'same-origin' : 'omit',
        signal: ask.signal ? AbortSignal.any([ask.signal, patience]) : patience,
        ...(ask.body === undefined ? {} : { body: isBlob ? (ask.body as Blob) : JSON.stringify(ask.body) }),
      } as const
      return await (ask.onSent ? send(addressOf(ask), request, ask.onSent) : fetch(addressOf(ask), request))
    } catch {
      throw ask.signal?.aborted ? new Cancelled() : new Unreachable()
    }
  }
}
