/**
 * Which topics of the open channel stand in the side (topics.md, Rules of the views; measured from Zulip):
 * by latest message, newest first; the first 8, then unread ones up to 12, then "n flere emner". The open
 * topic is always shown; a muted or a resolved one only while it is open, a resolved one also while unread.
 */
import type { EventId, Topic } from '../../mx/model'

const ALWAYS = 8
const AT_MOST = 12

export interface ShortList {
  readonly shown: readonly Topic[]
  /** Topics that are open, and not shown. */
  readonly more: number
  /** Unread messages in them. */
  readonly moreUnread: number
}

export function shortList(topics: readonly Topic[], open: EventId | null): ShortList {
  const eligible = topics
    .filter((topic) => topic.root === open
      || (topic.attention !== 'mute' && (!topic.resolved || topic.unread.count > 0)))
    .toSorted((one, other) => other.lastAt - one.lastAt)
  const shown: Topic[] = []
  for (const topic of eligible) {
    const fits = shown.length < ALWAYS || (topic.unread.count > 0 && shown.length < AT_MOST)
    if (fits || topic.root === open) shown.push(topic)
  }
  const rest = eligible.filter((topic) => !shown.includes(topic))
  return {
    shown,
    more: rest.length,
    moreUnread: rest.reduce((sum, topic) => sum + topic.unread.count, 0),
  }
}
