/** Authenticated media (spec 1.11): fetched with the token, shown through object URLs, uploaded. */
import type { Http } from './http'
import { Refused } from './errors'

const MXC = /^mxc:\/\/([^/]+)\/([\w-]+)$/
const KEPT = 120
const UPLOAD_PATIENCE_MS = 15 * 60 * 1000

interface Held {
  readonly url: Promise<string>
  usedAt: number
}

export class Media {
  readonly #http: Http
  readonly #held = new Map<string, Held>()
  #turn = 0

  constructor(http: Http) {
    this.#http = http
  }

  /** Object URL of a file, or of a picture scaled to fit `size`. */
  url(mxc: string, size?: { readonly width: number; readonly height: number }): Promise<string> {
    const name = size ? `${mxc} ${size.width}x${size.height}` : mxc
    let held = this.#held.get(name)
    if (!held) {
      held = { url: this.#load(mxc, size), usedAt: ++this.#turn }
      this.#held.set(name, held)
      held.url.catch(() => this.#held.delete(name))
      this.#letGo()
    }
    held.usedAt = ++this.#turn
    return held.url
  }

  /** Answers the file's address; `onSent` is told the share that has been sent, 0 to 1. */
  async upload(file: Blob, name: string, signal: AbortSignal, onSent: (share: number) => void): Promise<string> {
    const answer = await this.#http.json<{ content_uri: string }>({
      method: 'POST', path: '/_matrix/media/v3/upload', query: { filename: name }, body: file, patience: UPLOAD_PATIENCE_MS, signal, onSent,
    })
    return answer.content_uri
  }

  async #load(mxc: string, size: { readonly width: number; readonly height: number } | undefined): Promise<string> {
    const [, server, id] = MXC.exec(mxc) ?? []
    if (server === undefined || id === undefined) throw new Refused(400, 'not_an_mxc', 'not an mxc address')
    const place = `${encodeURIComponent(server)}/${encodeURIComponent(id)}`
    const blob = await this.#http.blob(
      size
        ? { path: `/_matrix/client/v1/media/thumbnail/${place}`, query: { width: String(size.width), height: String(size.height), method: 'scale' } }
        : { path: `/_matrix/client/v1/media/download/${place}`, patience: UPLOAD_PATIENCE_MS },
    )
    return URL.createObjectURL(blob)
  }

  #letGo(): void {
    if (this.#held.size <= KEPT) return
    const [oldest] = [...this.#held].sort(([, a], [, b]) => a.usedAt - b.usedAt)
    if (!oldest) return
    this.#held.delete(oldest[0])
    void oldest[1].url.then((url) => URL.revokeObjectURL(url), () => undefined)
  }
}
