/** Topics that were begun and not started, per channel: closing the form by mistake loses nothing. */
import { LEAVING } from '../../mx/leaving'
import type { Draft, RoomId, UserId } from '../../mx/model'

interface Begun extends Draft {
  readonly name: string
}

const KEY = 'samtale.begun'

let all: Map<RoomId, Begun> | null = null

/** What was put aside when the page was left to sign in again; another person's words are dropped. */
function restored(me: UserId): Map<RoomId, Begun> {
  const kept = sessionStorage.getItem(KEY)
  sessionStorage.removeItem(KEY)
  if (kept === null) return new Map()
  const { by, topics } = JSON.parse(kept) as { readonly by: UserId; readonly topics: readonly (readonly [RoomId, Begun])[] }
  return new Map(by === me ? topics : [])
}

export function begunTopics(me: UserId): Map<RoomId, Begun> {
  if (all) return all
  const topics = restored(me)
  all = topics
  addEventListener(LEAVING, () => {
    const written = [...topics].filter(([, { name, text }]) => `${name}${text}`.trim() !== '')
    if (written.length > 0) sessionStorage.setItem(KEY, JSON.stringify({ by: me, topics: written }))
  })
  return topics
}
