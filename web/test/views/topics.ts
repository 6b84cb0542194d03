/** Topics for tests: everything at rest, changed where the test says so. */
import type { Topic } from '../../src/mx/model'

export function topicOf(root: string, changed: Partial<Topic> = {}): Topic {
  return {
    roomId: '!support', root, name: `Emne ${root}`, named: true, resolved: false, resolvedBy: null, resolvedAt: null,
    startedBy: '@anna:localhost', startedAt: 1, lastAt: 1, lastSender: '@anna:localhost', lastText: 'Hej', messages: 1,
    unread: { count: 0, highlight: 0 }, participants: ['@anna:localhost'], participantsWhole: true, participated: false, attention: null,
    mentioned: false, ...changed,
  }
}
