/** What can go wrong between the client and the servers. Everything `mx` throws is one of these. */
export class MxError extends Error {
  /** Machine-readable; the views have words for it. */
  readonly code: string

  constructor(code: string, message: string = code) {
    super(message)
    this.code = code
  }
}

/** No answer: the network is away, or the server. Worth another try. */
export class Unreachable extends MxError {
  constructor(message = 'no answer from the server') {
    super('unreachable', message)
  }
}

/** The caller gave the request up. */
export class Cancelled extends MxError {
  constructor() {
    super('cancelled')
  }
}

/** The session is over: no token, or one that cannot be renewed. */
export class SignedOut extends MxError {
  constructor() {
    super('signed_out')
  }
}

/** The server answered with an error. `code` is its `errcode` (Matrix) or `error` (portal, OAuth). */
export class Refused extends MxError {
  readonly status: number
  /** The field of a form that is at fault, when the portal names one. */
  readonly field: string | null
  /** Milliseconds to wait, when the server says so. */
  readonly retryAfter: number | null

  constructor(status: number, code: string, message: string, field: string | null = null, retryAfter: number | null = null) {
    super(code, message)
    this.status = status
    this.field = field
    this.retryAfter = retryAfter
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500
  }
}

/** Whether to try again: everything but a clear no. */
export function worthRetrying(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && error.passing)
}
