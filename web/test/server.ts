/** A real HTTP server for tests of what talks HTTP: each answers as the test says. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly token: string | null
  readonly type: string | undefined
  readonly body: string
}

export interface Answered {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** Sent as it is, instead of JSON. */
  readonly text?: string
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean
}

async function read(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

export class TestServer {
  readonly asked: Asked[] = []
  #server: Server
  readonly #fetch = globalThis.fetch

  constructor(answer: (asked: Asked) => Answered | Promise<Answered>) {
    this.#server = createServer((request, response) => {
      void (async () => {
        const url = new URL(request.url ?? '/', 'http://localhost')
        const asked: Asked = {
          method: request.method ?? 'GET',
          path: url.pathname,
          query: url.searchParams,
          token: request.headers.authorization?.replace('Bearer ', '') ?? null,
          type: request.headers['content-type'],
          body: await read(request),
        }
        this.asked.push(asked)
        const { status = 200, headers = {}, json = {}, text = JSON.stringify(json), cut = false } = await answer(asked)
        if (cut) return request.socket.destroy()
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
        response.end(text)
      })()
    })
  }

  /** Serves on loopback, and lets `fetch` of a bare path reach it. Returns its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const { port } = this.#server.address() as AddressInfo
    const address = `http://127.0.0.1:${port}`
    globalThis.fetch = (input, init) => this.#fetch(new URL(String(input), address), init)
    return address
  }

  async stop(): Promise<void> {
    globalThis.fetch = this.#fetch
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
