/** The frame: side and sheet, on a phone places at the bottom; what the keys do everywhere. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { lazy, useCallback, useEffect, useRef, useState, type ReactNode } from 'react'

import { makeLink, type Link } from '../mx/links'
import type { ConversationKey } from '../mx/model'
import { PHONE, useMedia } from '../ui/useMedia'
import { useToast } from '../ui/Toast'
import styles from './App.module.css'
import { ChannelPlace } from './channel/ChannelPlace'
import { useAct, useView, useViewNow } from './client'
import { CommunityPlace } from './channel/CommunityPlace'
import { ConnectionStrip } from './Connection'
import { Failure } from './Failure'
import { useKeys } from './keys/keys'
import { PrivatePage } from './private/PrivatePage'
import { RecentPage } from './recent/RecentPage'
import { goTo, linkOf, useLink } from './route'
import { MePage } from './settings/MePage'
import { Side } from './side/Side'
import { SidePage } from './side/SidePage'
import { Tabs } from './Tabs'

const KeysDialog = lazy(() => import('./keys/KeysDialog'))
const NewPrivate = lazy(() => import('./private/NewPrivate'))
const FindCommunities = lazy(() => import('./side/FindCommunities'))

type Open = 'keys' | 'private' | 'communities' | null

/** In a conversation the phone's bottom bar gives way to the reply box. */
const inConversation = (link: Link): boolean => link.place === 'conversation' || link.place === 'private'

function useConversationHere(): () => ConversationKey | null {
  const view = useViewNow()
  const link = useLink()
  return useCallback(() => {
    if (link.place === 'private') return { roomId: link.roomId, root: null }
    if (link.place !== 'conversation' && link.place !== 'channel') return null
    const { community, channel } = link.address
    const roomId = view.communities().find((one) => one.slug === community)?.channels.find((one) => one.slug === channel)?.roomId
    return roomId ? { roomId, root: link.place === 'conversation' ? link.root : null } : null
  }, [view, link])
}

export function Frame() {
  const link = useLink()
  const view = useViewNow()
  const act = useAct()
  const say = useToast()
  const phone = useMedia(PHONE)
  const [open, setOpen] = useState<Open>(null)
  /** The address of the channel whose form for a new topic is open. */
  const [writingAt, setWritingAt] = useState<string | null>(null)
  const main = useRef<HTMLElement>(null)
  const here = useConversationHere()
  const channel = link.place === 'channel' || link.place === 'conversation' ? link.address : null
  const where = makeLink(link)
  const before = useRef(where)

  // A new place: the focus is not left on something that is gone.
  useEffect(() => {
    if (before.current === where) return
    before.current = where
    if (document.activeElement === document.body || document.activeElement === null) main.current?.focus({ preventScroll: true })
  }, [where])

  const newTopic = useCallback(() => {
    if (!channel) return
    const to: Link = { place: 'channel', address: channel }
    goTo(to)
    setWritingAt(makeLink(to))
  }, [channel])
  const next = (): void => {
    const key = act.nextUnread(here())
    const to = key && linkOf(view, key)
    if (to) goTo(to)
    else say(t`Du er helt ajour`)
  }
  const nextPrivate = (): void => {
    const chats = view.privateChats()
    const at = chats.findIndex((chat) => link.place === 'private' && chat.roomId === link.roomId)
    const order = [...chats.slice(at + 1), ...chats.slice(0, at + 1)]
    const chat = order.find((one) => one.unread.count > 0)
    if (chat) goTo({ place: 'private', roomId: chat.roomId, event: null })
    else say(t`Ingen ulæste private beskeder`)
  }
  const nextFollowed = (): void => {
    const key = act.nextFollowed(here())
    const to = key && linkOf(view, key)
    if (to) goTo(to)
    else say(t`Der er ikke noget nyt i de emner, du følger`)
  }
  const guest = useView((known) => known.me().guest)
  useKeys({
    'n': next, 'N': nextFollowed, 'p': nextPrivate, 't': () => goTo({ place: 'recent' }), ...(guest ? {} : { 'x': () => setOpen('private') }), '?': () => setOpen('keys'),
    'Escape': () => goTo({ place: 'recent' }),
  })
  const close = useCallback(() => setOpen(null), [])
  const newPrivate = useCallback(() => setOpen('private'), [])
  const findCommunities = useCallback(() => setOpen('communities'), [])
  const mayStart = useView((known) => {
    const key = here()
    return channel !== null && key !== null && known.mayNotStart(key.roomId) === null
  })
  useKeys(mayStart ? { c: newTopic } : {})
  const side = { onNewPrivate: newPrivate, onNewTopic: mayStart ? newTopic : null, onFindCommunities: findCommunities }

  const page = (): ReactNode => {
    switch (link.place) {
      case 'channel':
      case 'conversation':
        return <ChannelPlace link={link} writing={writingAt === where} onWrite={(next) => setWritingAt(next ? where : null)} />
      case 'community':
        return <CommunityPlace slug={link.community} />
      case 'private':
        return <PrivatePage key={link.roomId} roomId={link.roomId} event={link.event} />
      case 'me':
        return <MePage onKeys={() => setOpen('keys')} />
      case 'channels':
      case 'messages':
        return phone ? <SidePage of={link.place} {...side} /> : <RecentPage onFindCommunities={guest ? null : findCommunities} />
      default:
        return <RecentPage onFindCommunities={guest ? null : findCommunities} />
    }
  }
  return (
    <>
      <a
        className="skip" href="#indhold" onClick={(event) => {
          // The hash is the address of the place: the link must not change it.
          event.preventDefault()
          main.current?.focus()
        }}
      >
        <Trans>Gå til indholdet</Trans>
      </a>
      <div className={styles['app']}>
        {!phone && <Side {...side} />}
        <div className={styles['stage']}>
          <main className={styles['main']} id="indhold" ref={main} tabIndex={-1}>
            <ConnectionStrip />
            <Failure at={where}>{page()}</Failure>
          </main>
        </div>
        {phone && !inConversation(link) && <Tabs link={link} />}
      </div>
      <Failure at={open ?? ''} onClose={close}>
        {open === 'keys' && <KeysDialog onClose={close} />}
        {open === 'private' && <NewPrivate onClose={close} />}
        {open === 'communities' && <FindCommunities onClose={close} />}
      </Failure>
    </>
  )
}
