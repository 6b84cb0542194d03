/** What waits to be sent. Plain data: it lies in IndexedDB and is shown as an echo. */
import type { EventId, RoomId, UserId } from './model'

export interface OutgoingFile {
  readonly name: string
  readonly mimetype: string
  readonly size: number
  readonly width: number | null
  readonly height: number | null
  readonly alt: string | null
  /** Set when it has been uploaded; the message is sent after that. */
  readonly mxc: string | null
}

export interface OutgoingEntry {
  /** Transaction id, `~…`: the same for each try, so that the server takes only one. */
  readonly id: string
  readonly roomId: RoomId
  /** Null: main timeline, unless `after` names the heading that will be the root. */
  readonly root: EventId | null
  /** Id of the heading's entry when this is the first message of a topic that is being started. */
  readonly after: string | null
  /** Name of the topic when this is a heading. */
  readonly heading: string | null
  readonly text: string
  readonly mentions: readonly UserId[]
  readonly quoting: EventId | null
  readonly file: OutgoingFile | null
  readonly at: number
  readonly failure: string | null
  /** Set when the server has it and its event has not come back yet. */
  readonly eventId: EventId | null
}
