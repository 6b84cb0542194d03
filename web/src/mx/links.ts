/**
 * Addresses of the client's places (architecture.md, Links):
 * `#/c/COMMUNITY/CHANNEL[/t/ROOT[/EVENT]]`, `#/c/COMMUNITY/CHANNEL/uden-emne[/EVENT]`, `#/p/ROOMID[/EVENT]`.
 * ROOT and EVENT are event ids without their `$`; slugs never change, so a link survives renaming.
 */
import type { ChannelAddress, EventId, RoomId } from './model'

export type Link =
  | { readonly place: 'recent' | 'channels' | 'messages' | 'me' }
  | { readonly place: 'community'; readonly community: string }
  | { readonly place: 'channel'; readonly address: ChannelAddress }
  | {
      readonly place: 'conversation'
      readonly address: ChannelAddress
      /** Null: Uden emne. */
      readonly root: EventId | null
      /** The message the link points at. */
      readonly event: EventId | null
    }
  | { readonly place: 'private'; readonly roomId: RoomId; readonly event: EventId | null }

const PLACES = { recent: 'seneste', channels: 'kanaler', messages: 'beskeder', me: 'dig' } as const
const GENERAL = 'uden-emne'
const SLUG = /^[a-z0-9-]+$/
const RECENT: Link = { place: 'recent' }

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

const bare = (id: EventId): string => encodeURIComponent(id.replace(/^\$/, ''))
const event = (part: string | undefined): EventId | null => (part ? `$${part}` : null)

/** What an address names; Seneste when it names nothing we know. */
export function parseLink(hash: string): Link {
  const parts = hash.replace(/^#?\/?/, '').split('/').map(decoded)
  if (parts.includes(null)) return RECENT
  const [kind, first, second, third, fourth, fifth] = parts as string[]
  for (const [place, word] of Object.entries(PLACES)) {
    if (kind === word) return { place: place as keyof typeof PLACES }
  }
  if (kind === 'p' && first) return { place: 'private', roomId: first, event: event(second) }
  if (kind !== 'c' || !first || !SLUG.test(first)) return RECENT
  if (!second) return { place: 'community', community: first }
  if (!SLUG.test(second)) return RECENT
  const address = { community: first, channel: second }
  if (third === GENERAL) return { place: 'conversation', address, root: null, event: event(fourth) }
  if (third === 't' && fourth) return { place: 'conversation', address, root: `$${fourth}`, event: event(fifth) }
  return { place: 'channel', address }
}

/** The address of a place, from `#` on. */
export function makeLink(link: Link): string {
  switch (link.place) {
    case 'community':
      return `#/c/${link.community}`
    case 'channel':
      return `#/c/${link.address.community}/${link.address.channel}`
    case 'conversation': {
      const where = link.root === null ? GENERAL : `t/${bare(link.root)}`
      const at = link.event === null ? '' : `/${bare(link.event)}`
      return `#/c/${link.address.community}/${link.address.channel}/${where}${at}`
    }
    case 'private':
      return `#/p/${encodeURIComponent(link.roomId)}${link.event === null ? '' : `/${bare(link.event)}`}`
    default:
      return `#/${PLACES[link.place]}`
  }
}
