/**
 * A request that tells how much of its body has been sent. `fetch` cannot, so this is `XMLHttpRequest`,
 * and answers as `fetch` does: same arguments, same answer, rejected when there is none or when it is aborted.
 * (One thing it cannot do: a request to our own origin always carries its cookies.)
 */
export interface Sending {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: XMLHttpRequestBodyInit
  readonly signal: AbortSignal
}

/** Calls `onSent` with the share that has been sent, 0 to 1. */
export function send(address: string, { method, headers, body, signal }: Sending, onSent: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    request.open(method, address)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    const tell = ({ loaded, total }: ProgressEvent): void => onSent(total && loaded / total)
    for (const event of ['loadstart', 'progress'] as const) request.upload.addEventListener(event, tell)
    request.addEventListener('load', () => {
      const { status, responseText } = request
      const lines = [...request.getAllResponseHeaders().matchAll(/(.+?): (.*)/g)]
      // Some answers may have no body, not even an empty one.
      resolve(new Response(responseText || null, { status, headers: lines.map((line) => line.slice(1) as [string, string]) }))
    })
    for (const event of ['error', 'abort'] as const) request.addEventListener(event, reject)
    signal.addEventListener('abort', () => request.abort())
    request.send(body)
  })
}
