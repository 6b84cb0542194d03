/** The emoji one can reach without typing, each with its name in words. */
import { msg } from '@lingui/core/macro'
import type { MessageDescriptor } from '@lingui/core'

export interface Emoji {
  readonly char: string
  readonly name: MessageDescriptor
}

export const EMOJI: readonly Emoji[] = [
  { char: '👍', name: msg`Tommel op` },
  { char: '❤️', name: msg`Hjerte` },
  { char: '😄', name: msg`Smil` },
  { char: '🎉', name: msg`Fest` },
  { char: '🙏', name: msg`Tak` },
  { char: '👀', name: msg`Øjne` },
  { char: '✅', name: msg`Flueben` },
  { char: '👏', name: msg`Klapsalve` },
  { char: '💡', name: msg`Lys idé` },
  { char: '🤔', name: msg`Tænker` },
  { char: '😅', name: msg`Pyha` },
  { char: '😂', name: msg`Griner` },
  { char: '😢', name: msg`Ked af det` },
  { char: '😮', name: msg`Overrasket` },
  { char: '🚀', name: msg`Raket` },
  { char: '🔥', name: msg`Ild` },
  { char: '☕', name: msg`Kaffe` },
  { char: '👎', name: msg`Tommel ned` },
]

export const THUMB = '👍'

/** The same emoji is sent with and without U+FE0F by different clients. */
export const bareEmoji = (char: string): string => char.replaceAll('\uFE0F', '')

export function emojiName(char: string): MessageDescriptor | null {
  return EMOJI.find((emoji) => bareEmoji(emoji.char) === bareEmoji(char))?.name ?? null
}
