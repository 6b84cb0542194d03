/** The part of jsdom that the tests use by hand; it brings no types of its own. */
declare module 'jsdom' {
  export class JSDOM {
    constructor(html: string, settings: { readonly url: string })
    readonly window: Pick<typeof globalThis, 'Blob' | 'XMLHttpRequest'> & { close(): void }
  }
}
