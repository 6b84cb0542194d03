/** A person with a session of our own client, obtained through the real pages. */
import { JSDOM } from 'jsdom'

import type { Database } from '../../src/mx/db'
import { answerIn, completeSignIn, signInAddress } from '../../src/mx/session'
import { Browser } from '../proof/browser.mjs'

export const URL_UNDER_TEST = process.env['SAMTALE_URL'] ?? 'http://localhost:8400'
const { origin } = new URL(URL_UNDER_TEST)

/** Lets the layer's bare paths reach the installation, also by the request that Node has not. */
export function reachInstallation(): void {
  const real = globalThis.fetch
  globalThis.fetch = (input, init) => real(new URL(String(input), origin), init)
  const page = new JSDOM('', { url: origin }).window
  globalThis.XMLHttpRequest = class extends page.XMLHttpRequest {
    /** jsdom's takes no file of Node's. */
    override send(body?: Document | XMLHttpRequestBodyInit | null): void {
      if (body instanceof Blob) void body.arrayBuffer().then((bytes) => super.send(bytes))
      else super.send(body)
    }
  }
}

export async function signIn(database: Database, email: string, password: string): Promise<void> {
  const browser = new Browser()
  const asked = await browser.open(new URL(await signInAddress(origin, ''), origin), origin)
  const [form, values] = ['input[type=password]', { 'input[name=login]': email, 'input[type=password]': password }] as const
  const landed = await browser.submit(asked, form, values, null, origin, (url: URL) => url.searchParams.has('code'))
  const answer = answerIn(landed.left ?? landed.url)
  if (!answer) throw new Error(`sign-in ended at ${landed.url}`)
  await completeSignIn(database, answer, origin)
}
