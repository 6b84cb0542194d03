import { describe, expect, it } from 'vitest'

import { messageOf, noted, noticeOf, said } from '../../../test/views/messages'
import { days } from './days'

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()
const shape = (items: Parameters<typeof days>[0], firstUnread: string | null = null) =>
  days(items, firstUnread, true).map((day) => day.rows.map((row) => (
    row.kind === 'new' ? 'new' : `${row.id}${row.kind === 'message' && row.continued ? ' continued' : ''}${row.isNew ? ' is new' : ''}`
  )))

describe('a timeline in days', () => {
  it('begins a day at midnight, not after 24 hours', () => {
    const items = [said(messageOf('a', { at: at(20, 23, 59) })), said(messageOf('b', { at: at(21, 0, 1), sender: '@bo:x' }))]
    expect(shape(items)).toEqual([['a'], ['b']])
  })

  it('puts messages of one person within five minutes under one name', () => {
    const items = [
      said(messageOf('a', { at: at(20, 9, 0) })),
      said(messageOf('b', { at: at(20, 9, 4) })),
      said(messageOf('c', { at: at(20, 9, 9) })),
      said(messageOf('d', { at: at(20, 9, 10), sender: '@bo:x' })),
    ]
    expect(shape(items)).toEqual([['a', 'b continued', 'c', 'd']])
  })

  it('does not join over a notice, a new day, a quote or a deleted message', () => {
    const quoted = { id: 'a', sender: null, text: 'Hej' }
    const items = [
      said(messageOf('a', { at: at(20, 23, 57) })),
      noted(noticeOf('n', { at: at(20, 23, 58) })),
      said(messageOf('b', { at: at(20, 23, 59) })),
      said(messageOf('c', { at: at(21, 0, 0) })),
      said(messageOf('d', { at: at(21, 0, 1), quoted })),
      said(messageOf('e', { at: at(21, 0, 2), deleted: true })),
      said(messageOf('f', { at: at(21, 0, 3) })),
    ]
    expect(shape(items)).toEqual([['a', 'n', 'b'], ['c', 'd', 'e', 'f']])
  })

  it('marks where the unread part begins and everything after it', () => {
    const items = [
      said(messageOf('a', { at: at(20, 9, 0) })),
      said(messageOf('b', { at: at(20, 9, 1) })),
      noted(noticeOf('n', { at: at(21, 9, 0) })),
    ]
    expect(shape(items, 'b')).toEqual([['a', 'new', 'b is new'], ['n is new']])
  })

  it('knows the root only when nothing older exists', () => {
    const items = [said(messageOf('a'))]
    expect(days(items, null, true)[0]?.rows[0]).toMatchObject({ first: true })
    expect(days(items, null, false)[0]?.rows[0]).toMatchObject({ first: false })
  })
})
