/** What the list of a channel's topics shows. */
import type { Topic } from '../../mx/model'

export type TopicFilter = 'all' | 'open' | 'resolved' | 'unread' | 'followed'

export function passes(topic: Topic, filter: TopicFilter): boolean {
  switch (filter) {
    case 'open':
      return !topic.resolved
    case 'resolved':
      return topic.resolved
    case 'unread':
      return topic.unread.count > 0
    case 'followed':
      return topic.attention === 'follow'
    default:
      return true
  }
}

/** A live topic that already has this name, compared without case; null when the name is free. */
export function sameName(topics: readonly Topic[], name: string, except?: string): Topic | null {
  const wanted = name.trim().toLocaleLowerCase('da')
  return topics.find((topic) => topic.named && topic.root !== except && topic.name.trim().toLocaleLowerCase('da') === wanted) ?? null
}
