/** Holds the state and tells who listens. */
import type { State } from './state'

export class Store {
  #state: State
  readonly #listeners = new Set<() => void>()

  constructor(state: State) {
    this.#state = state
  }

  get state(): State {
    return this.#state
  }

  /** Replaces the state by what `change` makes of it. */
  change(change: (state: State) => State): void {
    const next = change(this.#state)
    if (next === this.#state) return
    this.#state = next
    this.notify()
  }

  /** Also called when something outside the state that selectors read has come (the sanitiser). */
  notify(): void {
    for (const listener of this.#listeners) listener()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
