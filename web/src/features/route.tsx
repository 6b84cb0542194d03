/** The address bar as the one place that says which view is open. */
import { useSyncExternalStore } from 'react'

import type { ChannelAddress, ConversationKey } from '../mx/model'
import type { View } from '../mx/client'
import { makeLink, parseLink, type Link } from '../mx/links'

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

let lastChannel: ChannelAddress | null = null

/** The channel one was in last: on a phone its topics stand in the list of channels. */
export function channelBefore(): ChannelAddress | null {
  return lastChannel
}

let lastHash: string | null = null
let lastLink: Link = { place: 'recent' }

/** The open place; the same reference until the address changes. */
export function currentLink(): Link {
  if (location.hash !== lastHash) {
    lastHash = location.hash
    lastLink = parseLink(lastHash)
    if (lastLink.place === 'channel' || lastLink.place === 'conversation') lastChannel = lastLink.address
  }
  return lastLink
}

export function useLink(): Link {
  return useSyncExternalStore(subscribe, currentLink)
}

export function goTo(link: Link): void {
  location.hash = makeLink(link)
}

/** Where a conversation lives; null while its channel is not known yet. */
export function linkOf(view: View, key: ConversationKey): Link | null {
  if (view.privateChats().some((chat) => chat.roomId === key.roomId)) {
    return { place: 'private', roomId: key.roomId, event: null }
  }
  const address = view.addressOf(key.roomId)
  return address && { place: 'conversation', address, root: key.root, event: null }
}
