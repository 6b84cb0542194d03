/** What jsdom lacks and the views use. Imported by tests that draw them. */
import { afterEach } from 'vitest'
import { cleanup } from '@testing-library/react'

Object.defineProperty(globalThis, 'matchMedia', {
  value: (query: string) => ({ matches: query.includes('max-width') && innerWidth <= 720, addEventListener: () => undefined, removeEventListener: () => undefined }),
  configurable: true,
})
Object.defineProperty(globalThis, 'CSS', { value: { escape: (text: string) => text.replaceAll(/["\\]/g, '\\$&') }, configurable: true })
Element.prototype.scrollIntoView = () => undefined
HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
  this.open = true
}
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false
}

afterEach(() => {
  cleanup()
  location.hash = ''
})
