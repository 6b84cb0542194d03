/** What Seneste shows. */
import type { Conversation } from '../../mx/model'

export type RecentFilter = 'all' | 'unread' | 'participated' | 'followed' | 'private'

export function unreadOf({ topic, chat }: Conversation): number {
  return topic?.unread.count ?? chat?.unread.count ?? 0
}

export function passes(conversation: Conversation, filter: RecentFilter): boolean {
  const { topic, chat } = conversation
  switch (filter) {
    case 'unread':
      return unreadOf(conversation) > 0
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
