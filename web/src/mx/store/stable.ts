/** Keeps references: a selector's answer is the same object until what it shows has changed. */

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** `next`, with every part that equals the same part of `previous` taken from there. */
export function sharing<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next
  if (Array.isArray(previous) && Array.isArray(next)) {
    const same = previous.length === next.length
    const shared = next.map((one: unknown, n) => sharing(previous[n], one))
    return (same && shared.every((one, n) => Object.is(one, previous[n])) ? previous : shared) as T
  }
  if (isPlain(previous) && isPlain(next)) {
    const keys = Object.keys(next)
    const shared = Object.fromEntries(keys.map((key) => [key, sharing(previous[key], next[key])]))
    const same = keys.length === Object.keys(previous).length && keys.every((key) => key in previous && Object.is(shared[key], previous[key]))
    return (same ? previous : shared) as T
  }
  return next
}

interface Kept {
  readonly inputs: readonly unknown[]
  readonly value: unknown
}

/** Answers of selectors by name: computed again only when an input is another object. */
export class Answers {
  readonly #kept = new Map<string, Kept>()

  of<T>(name: string, inputs: readonly unknown[], compute: () => T): T {
    const kept = this.#kept.get(name)
    if (kept && kept.inputs.length === inputs.length && kept.inputs.every((one, n) => Object.is(one, inputs[n]))) return kept.value as T
    const value = sharing(kept?.value, compute())
    this.#kept.set(name, { inputs, value })
    return value
  }
}
