import { describe, expect, it } from 'vitest'

import { topicOf } from '../../../test/views/topics'
import { shortList } from './shortList'

const many = (count: number) => Array.from({ length: count }, (_, at) => topicOf(`$${at}`, { lastAt: 1000 - at }))
const roots = (list: ReturnType<typeof shortList>) => list.shown.map((topic) => topic.root)
const unread = (count: number) => ({ unread: { count, highlight: 0 } })

describe('the topics in the side', () => {
  it('shows the newest eight and counts the rest', () => {
    const list = shortList(many(22).toReversed(), null)
    expect(roots(list)).toEqual(['$0', '$1', '$2', '$3', '$4', '$5', '$6', '$7'])
    expect(list.more).toBe(14)
    expect(list.moreUnread).toBe(0)
  })

  it('goes on with unread ones up to twelve, and sums what is unread beyond', () => {
    const topics = many(20).map((topic, at) => (at % 2 === 1 || at > 15 ? { ...topic, ...unread(2) } : topic))
    const list = shortList(topics, null)
    expect(roots(list).slice(8)).toEqual(['$9', '$11', '$13', '$15'])
    expect(list.more).toBe(8)
    expect(list.moreUnread).toBe(8)
  })

  it('always shows the open topic, however old', () => {
    expect(roots(shortList(many(30), '$29'))).toContain('$29')
  })

  it('hides a muted topic unless it is open', () => {
    const topics = [topicOf('$quiet', { attention: 'mute', ...unread(3) })]
    expect(shortList(topics, null)).toEqual({ shown: [], more: 0, moreUnread: 0 })
    expect(roots(shortList(topics, '$quiet'))).toEqual(['$quiet'])
  })

  it('shows a resolved topic only while it is open or unread', () => {
    const topics = [topicOf('$done', { resolved: true }), topicOf('$news', { resolved: true, ...unread(1) })]
    expect(roots(shortList(topics, null))).toEqual(['$news'])
    expect(roots(shortList(topics, '$done')).toSorted()).toEqual(['$done', '$news'])
  })
})
