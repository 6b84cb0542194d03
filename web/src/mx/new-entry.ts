/** Makes entries of the outbox out of what a person has just written or chosen. */
import type { Outgoing } from './client'
import type { EventId, RoomId } from './model'
import type { OutgoingEntry } from './outgoing'

/** Transaction ids begin with `~`: no event id does. */
export const newTransaction = (): string => `~${crypto.randomUUID()}`

interface Written {
  readonly roomId: RoomId
  readonly root: EventId | null
  readonly message: Outgoing
  readonly at: number
}

export function outgoing({ roomId, root, message, at }: Written): OutgoingEntry {
  return {
    id: newTransaction(),
    roomId,
    root,
    after: null,
    heading: null,
    text: message.text,
    mentions: message.mentions ?? [],
    quoting: message.quoting ?? null,
    file: null,
    at,
    failure: null,
    eventId: null,
  }
}

interface Chosen {
  readonly roomId: RoomId
  readonly root: EventId | null
  readonly file: File
  readonly alt: string | null
  readonly at: number
}

/** Width and height of a picture, when the browser can read it. */
async function measured(file: File): Promise<{ width: number | null; height: number | null }> {
  if (!file.type.startsWith('image/') || !('createImageBitmap' in globalThis)) return { width: null, height: null }
  try {
    const picture = await createImageBitmap(file)
    const { width, height } = picture
    picture.close()
    return { width, height }
  } catch {
    return { width: null, height: null }
  }
}

export async function outgoingFile({ roomId, root, file, alt, at }: Chosen): Promise<OutgoingEntry> {
  const size = await measured(file)
  return {
    ...outgoing({ roomId, root, message: { text: '' }, at }),
    file: { name: file.name, mimetype: file.type || 'application/octet-stream', size: file.size, ...size, alt, mxc: null },
  }
}
