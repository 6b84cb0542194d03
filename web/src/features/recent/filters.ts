/** What Seneste shows. */
import type { View } from '../../mx/client'
import type { Conversation, Unread } from '../../mx/model'

export type RecentFilter = 'all' | 'unread' | 'participated' | 'followed' | 'private'

/** Unread of one row, the general chat of a channel too. */
export function unreadIn(view: View, { key, topic, chat }: Conversation): Unread {
  return topic?.unread ?? chat?.unread ?? view.unread(key.roomId, key.root)
}

/** How many conversations have something unread: what the filter shows, and what stands at Seneste. */
export function unreadConversations(view: View): number {
  return view.recent().filter((one) => passes(view, one, 'unread')).length
}

export function passes(view: View, conversation: Conversation, filter: RecentFilter): boolean {
  const { topic, chat } = conversation
  switch (filter) {
    case 'unread':
      return topic?.attention !== 'mute' && unreadIn(view, conversation).count > 0
    case 'participated':
      return chat !== null || (topic?.participated ?? false)
    case 'followed':
      return topic?.attention === 'follow'
    case 'private':
      return chat !== null
    default:
      return true
  }
}
