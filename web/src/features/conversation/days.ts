/** A timeline as it is drawn: days with their rows; where the unread part begins; what belongs together. */
import type { Message, Notice, TimelineItem } from '../../mx/model'
import { daysAgo } from '../time'

/** Messages of one person within this time stand under one name. */
const TOGETHER = 5 * 60_000

export type Row =
  | {
      readonly kind: 'message'
      readonly id: string
      readonly message: Message
      /** Where the thread begins. */
      readonly first: boolean
      readonly isNew: boolean
      /** Stands under the name of the message before it. */
      readonly continued: boolean
    }
  | { readonly kind: 'notice'; readonly id: string; readonly notice: Notice; readonly first: boolean; readonly isNew: boolean }
  | { readonly kind: 'new'; readonly id: string }

export interface Day {
  readonly at: number
  readonly rows: readonly Row[]
}

const timeOf = (item: TimelineItem): number => (item.type === 'message' ? item.message.at : item.notice.at)
const idOf = (item: TimelineItem): string => (item.type === 'message' ? item.message.id : item.notice.id)

function belongs(message: Message, before: TimelineItem | undefined): boolean {
  if (before?.type !== 'message' || message.quoted) return false
  const { sender, at, deleted } = before.message
  return sender === message.sender && !deleted && !message.deleted && message.at - at < TOGETHER
}

/**
 * Args:
 *   items: oldest first.
 *   firstUnread: id of the first unread item, or null.
 *   whole: the first item is the beginning of the conversation, nothing older exists.
 */
export function days(items: readonly TimelineItem[], firstUnread: string | null, whole: boolean): readonly Day[] {
  const found: { at: number; rows: Row[] }[] = []
  let isNew = false
  for (const [index, item] of items.entries()) {
    const before = items[index - 1]
    const at = timeOf(item)
    let day = found.at(-1)
    if (!day || daysAgo(day.at, at) !== 0) {
      day = { at, rows: [] }
      found.push(day)
    }
    const id = idOf(item)
    const beginsNew = id === firstUnread
    if (beginsNew) {
      isNew = true
      day.rows.push({ kind: 'new', id: `new-${id}` })
    }
    const first = whole && index === 0
    if (item.type === 'notice') {
      day.rows.push({ kind: 'notice', id, notice: item.notice, first, isNew })
    } else {
      const continued = !beginsNew && day.rows.length > 0 && belongs(item.message, before)
      day.rows.push({ kind: 'message', id, message: item.message, first, isNew, continued })
    }
  }
  return found
}
