/**
 * When this device's session has ended while the portal still knows the person (identity.md): a silent step
 * through the portal (`prompt=none`, the whole page, since no frame may be shown) gives new tokens and comes
 * back to where the person was. When the portal would have to ask, the person is told and chooses when.
 */
import type { Database } from './db'
import { LEAVING } from './leaving'
import { signInAddress, storedSession, type Tokens } from './session'
import type { Store } from './store/store'

const TRIED = 'samtale.renewed'
/** A renewal that has just been tried is not tried again: it would go round and round. */
const NOT_AGAIN_MS = 60_000

const LOCK = 'samtale.renewal'
const MARK = 'renewing'
/** A renewal that another tab has begun is given this long. */
const UNDER_WAY_MS = 20_000
const LOOK_AGAIN_MS = 2000

interface Parts {
  readonly database: Database
  readonly tokens: Pick<Tokens, 'forget'>
  readonly store: Store
}

/** Words that leaving the page would lose: everything in a field but the drafts, which are kept. */
function unkeptWords(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input:not([type=search], [type=radio], [type=checkbox], [type=file])')
  return [...fields].some((field) => field.value.trim() !== '' && field.closest('[data-draft]') === null)
}

export class Renewal {
  readonly #parts: Parts
  readonly #over = new AbortController()
  #going = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** `vain`: it has just been tried without success. */
  watch(vain: boolean): void {
    if (vain) sessionStorage.setItem(TRIED, String(Date.now()))
    const look = (): void => {
      if (this.#parts.store.state.connection === 'signed-out') void this.#renew()
    }
    const stop = this.#parts.store.subscribe(look)
    this.#over.signal.addEventListener('abort', stop)
    // One tab renews; the others take up its session when one looks at them.
    document.addEventListener('visibilitychange', look, { signal: this.#over.signal })
  }

  stop(): void {
    this.#over.abort()
  }

  /** The portal's own pages, at the person's wish. */
  async askPerson(): Promise<void> {
    await this.#leave(false)
  }

  async #renew(): Promise<void> {
    if (this.#going || document.visibilityState !== 'visible' || unkeptWords()) return
    this.#going = true
    try {
      if ((await storedSession(this.#parts.database)) !== undefined) return await this.#reload()
      const tried = Number(sessionStorage.getItem(TRIED) ?? 0)
      if (Date.now() - tried < NOT_AGAIN_MS) return
      if (!(await this.#mine())) return this.#lookAgain()
      sessionStorage.setItem(TRIED, String(Date.now()))
      await this.#leave(true)
    } catch {
      // The strip stays, and with it the person's own way in.
    } finally {
      this.#going = false
    }
  }

  /** Whether this tab is the one that renews: of several that are seen, the first. */
  #mine(): Promise<boolean> {
    return navigator.locks.request(LOCK, async () => {
      const begun = (await this.#parts.database.get<number>('kept', MARK)) ?? 0
      if (Date.now() - begun < UNDER_WAY_MS) return false
      await this.#parts.database.put('kept', MARK, Date.now())
      return true
    })
  }

  #lookAgain(): void {
    const timer = setTimeout(() => void this.#renew(), LOOK_AGAIN_MS)
    this.#over.signal.addEventListener('abort', () => clearTimeout(timer))
  }

  async #reload(): Promise<void> {
    await this.#settle()
    location.reload()
  }

  async #leave(silent: boolean): Promise<void> {
    await this.#settle()
    await this.#parts.tokens.forget()
    location.assign(await signInAddress(location.origin, location.hash, silent))
  }

  async #settle(): Promise<void> {
    dispatchEvent(new Event(LEAVING))
    // Comes after everything that has been written to the drafts so far.
    await this.#parts.database.get('drafts', '')
  }
}
