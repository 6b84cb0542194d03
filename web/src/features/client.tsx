/** How views get at the client: a context and a hook for one selection of what is known. */
import { createContext, use, useSyncExternalStore } from 'react'

import type { Acts, Client, View } from '../mx/client'

const ClientContext = createContext<Client | null>(null)

export const ClientProvider = ClientContext

function useClient(): Client {
  const client = use(ClientContext)
  if (!client) throw new Error('a view needs a ClientProvider around it')
  return client
}

export function useAct(): Acts {
  return useClient().act
}

interface Watched {
  readonly subscribe: (changed: () => void) => () => void
  /** Counts the changes, so that the whole view has a snapshot of its own. */
  readonly version: () => number
}

const watched = new WeakMap<View, Watched>()

/** One subscription per view that keeps its identity: a new function would subscribe anew on every render. */
function watch(view: View): Watched {
  const known = watched.get(view)
  if (known) return known
  let version = 0
  view.subscribe(() => {
    version += 1
  })
  const made: Watched = { subscribe: (changed) => view.subscribe(changed), version: () => version }
  watched.set(view, made)
  return made
}

/** One selection; the view is drawn again when its reference changes. */
export function useView<Selected>(select: (view: View) => Selected): Selected {
  const { view } = useClient()
  return useSyncExternalStore(watch(view).subscribe, () => select(view))
}

/** For handlers that look at what is known when something happens, and not before. */
export function useViewNow(): View {
  return useClient().view
}

/**
 * The whole view, for lists that put many selections together; drawn again after every change.
 * Use it where one selector cannot return a stable reference.
 */
export function useWholeView(): View {
  const { view } = useClient()
  const { subscribe, version } = watch(view)
  useSyncExternalStore(subscribe, version)
  return view
}
