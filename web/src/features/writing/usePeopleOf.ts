/** Whom one can name in a conversation: those who took part first, then the other members by name. */
import { useCallback } from 'react'

import type { ConversationKey, Person } from '../../mx/model'
import { useViewNow } from '../client'

const danish = new Intl.Collator('da')

export function usePeopleOf({ roomId, root }: ConversationKey): () => readonly Person[] {
  const view = useViewNow()
  return useCallback(() => {
    const took = (root === null ? null : view.topic(roomId, root)?.participants) ?? []
    const rest = (view.members(roomId) ?? []).filter((id) => !took.includes(id))
      .map((id) => view.person(id)).toSorted((one, other) => danish.compare(one.name, other.name))
    const me = view.me().id
    return [...took.map((id) => view.person(id)), ...rest].filter((person) => person.id !== me)
  }, [view, roomId, root])
}
