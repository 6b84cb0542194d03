/** As much of a browser as signing in needs: cookies, redirects, pages and their forms. */
import { JSDOM } from 'jsdom'

export class Browser {
  #cookies = new Map()

  /** Opens an address and follows redirects, also those by `Refresh`; stops before one outside `origin` or that is `arrived`. */
  async open(address, origin, init = {}, arrived = () => false) {
    let url = new URL(address)
    let request = init
    for (let hops = 0; hops < 20; hops++) {
      if (url.origin !== origin || arrived(url)) return { left: url }
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { ...request.headers, Accept: 'text/html', 'Accept-Language': 'da', Cookie: this.#cookieHeader() },
      })
      for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
      const next = response.headers.get('Location') ?? response.headers.get('Refresh')?.replace(/^\s*\d+\s*;\s*url=/i, '')
      if (next === undefined || next === null) {
        const page = new JSDOM(await response.text(), { url: String(url) }).window.document
        if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}: ${page.querySelector('h1, p')?.textContent?.trim()}`)
        return { page, url }
      }
      url = new URL(next, url)
      request = {}
    }
    throw new Error(`too many redirects at ${url}`)
  }

  /** Sends the form with a control that fits `wanted`, filled in; `press` is the button to send it with. */
  submit({ page, url }, wanted, values, press, origin, arrived = () => false) {
    const control = page.querySelector(wanted)
    if (!control?.form) throw new Error(`${url.pathname} has no form with ${wanted}`)
    const { form } = control
    const fields = new URLSearchParams()
    for (const { name, value, type, checked } of form.elements) {
      if (name !== '' && !['submit', 'button', 'image'].includes(type) && (!['checkbox', 'radio'].includes(type) || checked)) fields.set(name, value)
    }
    for (const [selector, value] of Object.entries(values)) {
      const field = form.querySelector(selector)
      if (!field) throw new Error(`${url.pathname} has no field ${selector}`)
      fields.set(field.name, value)
    }
    if (press !== null) {
      const button = form.querySelector(press)
      if (!button) throw new Error(`${url.pathname} has no button ${press}`)
      fields.set(button.name, button.value)
    }
    return this.open(new URL(form.getAttribute('action') || url, url), origin, {
      method: 'POST',
      body: fields.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Referer: String(url), Origin: url.origin },
    }, arrived)
  }

  #keep(header) {
    const [pair, ...attributes] = header.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const over = attributes.some((one) => /^\s*max-age=0\s*$/i.test(one))
    if (over) this.#cookies.delete(name)
    else this.#cookies.set(name, pair.slice(at + 1).trim())
  }

  #cookieHeader() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}
