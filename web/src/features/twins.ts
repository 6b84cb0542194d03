/** Two topics that were started at the same time under one name stay two: told apart by starter and date (topics.md). */
import type { View } from '../mx/client'
import type { Topic } from '../mx/model'
import { fullName, topicName } from './names'
import { sentenceTime } from './time'

const named = (topic: Topic): string => topicName(topic).trim().toLocaleLowerCase('da')

/** By list, which is a new one whenever something in it changes. */
const known = new WeakMap<readonly Topic[], ReadonlySet<string>>()

function namesTwice(topics: readonly Topic[]): ReadonlySet<string> {
  let twice = known.get(topics)
  if (twice) return twice
  const once = new Set<string>()
  known.set(topics, twice = new Set(topics.map(named).filter((name) => once.has(name) || !once.add(name))))
  return twice
}

/** Who started it and when, if another topic of its channel goes by the same name; else null. */
export function toldApart(view: View, topic: Topic): string | null {
  const topics = view.topics(topic.roomId)
  if (!topics || !namesTwice(topics).has(named(topic))) return null
  return `${fullName(view.person(topic.startedBy))}, ${sentenceTime(topic.startedAt, Date.now())}`
}
