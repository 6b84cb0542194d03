/** Messages and notices for tests: plain, changed where the test says so. */
import type { Message, Notice, TimelineItem } from '../../src/mx/model'

export function messageOf(id: string, changed: Partial<Message> = {}): Message {
  return {
    id, sender: '@anna:localhost', at: 1, html: null, text: 'Hej', edited: false, deleted: false, mentionsMe: false,
    quoted: null, attachment: null, reactions: [], state: 'sent', failure: null, ...changed,
  }
}

export function noticeOf(id: string, changed: Partial<Notice> = {}): Notice {
  return { id, at: 1, sender: '@bo:localhost', kind: 'resolved', text: '', ...changed }
}

export const said = (message: Message): TimelineItem => ({ type: 'message', message })
export const noted = (notice: Notice): TimelineItem => ({ type: 'notice', notice })
