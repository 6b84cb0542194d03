/** What is going on with one message of the conversation: at most one thing at a time. */
import { createContext, use } from 'react'

import type { Message } from '../../mx/model'

export type Deed = 'edit' | 'pick' | 'delete' | 'menu'

export interface Acting {
  readonly deed: Deed
  readonly id: string
}

/** What a message asks the conversation to do; the same reference for as long as the conversation is open. */
export interface MessageDeeds {
  begin(deed: Deed, message: Message): void
  end(): void
  react(message: Message, emoji: string): void
  answer(message: Message): void
  copyLink(message: Message): void
  save(message: Message, text: string): Promise<void>
  retry(message: Message): void
  discard(message: Message): void
  show(id: string): void
}

export const DeedsContext = createContext<MessageDeeds | null>(null)

export function useDeeds(): MessageDeeds {
  const deeds = use(DeedsContext)
  if (!deeds) throw new Error('a message needs a conversation around it')
  return deeds
}
