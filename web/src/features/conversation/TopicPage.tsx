/** A topic: where it is, whether it is resolved and followed, and its conversation. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { lazy, useCallback, useMemo, useState } from 'react'

import type { Channel, ChannelAddress, Community, EventId, RoomId, Topic } from '../../mx/model'
import { makeLink } from '../../mx/links'
import { Blank } from '../../ui/Blank'
import { Button, ButtonLink } from '../../ui/Button'
import { Head } from '../../ui/Head'
import { Menu, type MenuItem } from '../../ui/Menu'
import { Tile } from '../../ui/Tile'
import { useToast } from '../../ui/Toast'
import { PHONE, useMedia } from '../../ui/useMedia'
import { useAct, useView } from '../client'
import { Failure } from '../Failure'
import { useKeys } from '../keys/keys'
import { markOf, topicName } from '../names'
import { PanelButton, usePanel, WithPanel, type PanelState } from '../panel/WithPanel'
import { goTo } from '../route'
import { useTitle } from '../useTitle'
import styles from './Banner.module.css'
import { Conversation } from './Conversation'
import { MovedTopic } from './MovedTopic'
import { ResolvedBanner } from './ResolvedBanner'

const TopicPanel = lazy(() => import('../panel/TopicPanel'))
const RenameDialog = lazy(() => import('./RenameDialog'))

interface TopicPageProps {
  readonly community: Community
  readonly channel: Channel
  readonly roomId: RoomId
  readonly root: EventId
  readonly event: EventId | null
}

export function TopicPage({ community, channel, roomId, root, event }: TopicPageProps) {
  const topic = useView((view) => view.topic(roomId, root))
  const known = useView((view) => view.topics(roomId) !== null)
  const mayChange = useView((view) => view.mayChangeTopics(roomId))
  const moved = useView((view) => view.movedTo(roomId, root))
  const panel = usePanel()
  const [renaming, setRenaming] = useState(false)
  const address = useMemo(() => ({ community: community.slug, channel: channel.slug }), [community.slug, channel.slug])
  const conversation = useMemo(() => ({ roomId, root }), [roomId, root])
  const linkTo = useCallback((to: EventId) => ({ place: 'conversation' as const, address, root, event: to }), [address, root])
  const name = topic ? topicName(topic) : ''
  useTitle(name || channel.name)
  const failed = useView((view) => view.timeline(conversation).failed)
  const { attend, copyLink } = useTopicActs(roomId, root, address)
  const gone = !topic && known && failed
  const rename = useCallback(() => setRenaming(true), [])
  const content = topic && (
    <TopicPanel topic={topic} community={community.slug} onAttend={attend} onRename={mayChange ? rename : null} onCopyLink={copyLink} />
  )
  return (
    <WithPanel panel={{ ...panel, open: panel.open && content !== null && !moved }} title={t`Om emnet`} content={content}>
      <Head
        long title={name || <span className="vh"><Trans>Emne</Trans></span>} badge={<Tile letters={markOf(community.name)} hue={community.hue} size="l" />}
        crumbsLabel={t`Du er her`} crumbs={crumbs(community, channel)} back={{ label: t`Tilbage til ${channel.name}`, href: makeLink({ place: 'channel', address }) }}
      >
        {topic && !moved && (
          <TopicActs topic={topic} address={address} panel={panel} onAttend={attend} onCopyLink={copyLink} onRename={mayChange ? rename : null} />
        )}
      </Head>
      {topic?.resolved && !moved && <Resolved topic={topic} mayChange={mayChange} />}
      {moved && <MovedTopic to={moved} />}
      {!moved && gone && (
        <Blank
          icon="search" title={t`Emnet er her ikke`} acts={<ButtonLink look="second" href={makeLink({ place: 'channel', address })}><Trans>Se kanalens emner</Trans></ButtonLink>}
        >
          <Trans>Det kan være slettet, eller linket er ikke helt.</Trans>
        </Blank>
      )}
      {!moved && !gone && (
        <Conversation
          key={`${roomId} ${root}`} conversation={conversation} event={event} linkTo={linkTo} community={community.slug}
          moderator={community.moderator} label={name ? t`Svar i emnet ${name}` : t`Svar i emnet`} placeholder={t`Skriv et svar …`}
          onLeave={() => goTo({ place: 'channel', address })}
        />
      )}
      <Failure at={`${root} ${renaming}`} onClose={() => setRenaming(false)}>
        {renaming && topic && <RenameDialog topic={topic} onClose={() => setRenaming(false)} />}
      </Failure>
    </WithPanel>
  )
}

/** What head, menu and panel alike can do with a topic. */
function useTopicActs(roomId: RoomId, root: EventId, address: ChannelAddress) {
  const act = useAct()
  const say = useToast()
  const attend = (wanted: Topic['attention']): void => {
    act.attend(roomId, root, wanted).catch(() => say(t`Det blev ikke gemt. Prøv igen.`))
  }
  const copyLink = (): void => {
    const link = `${location.origin}/${makeLink({ place: 'conversation', address, root, event: null })}`
    navigator.clipboard.writeText(link).then(() => say(t`Linket er kopieret`), () => say(t`Browseren lod os ikke kopiere`))
  }
  return { attend, copyLink }
}

export function crumbs(community: Community, channel: Channel): readonly { readonly label: string; readonly href: string }[] {
  const address = { community: community.slug, channel: channel.slug }
  return [
    { label: community.name, href: makeLink({ place: 'community', community: community.slug }) },
    { label: channel.name, href: makeLink({ place: 'channel', address }) },
  ]
}

/** Resolves or reopens, and says so when it did not work. */
function useResolve(topic: Topic): (resolved: boolean) => void {
  const act = useAct()
  const say = useToast()
  return (resolved) => {
    act.resolve(topic.roomId, topic.root, resolved).catch(() => say(t`Det blev ikke gemt. Prøv igen.`))
  }
}

function Resolved({ topic, mayChange }: { readonly topic: Topic; readonly mayChange: boolean }) {
  const resolve = useResolve(topic)
  return <ResolvedBanner topic={topic} onReopen={mayChange ? () => resolve(false) : null} />
}

interface TopicActsProps {
  readonly topic: Topic
  readonly address: ChannelAddress
  readonly panel: PanelState
  readonly onAttend: (wanted: Topic['attention']) => void
  readonly onCopyLink: () => void
  /** Null: one may neither rename nor resolve. */
  readonly onRename: (() => void) | null
}

function TopicActs({ topic, address, panel, onAttend: attend, onCopyLink, onRename }: TopicActsProps) {
  const phone = useMedia(PHONE)
  const resolve = useResolve(topic)
  const { attention } = topic
  const mute = (): void => attend(attention === 'mute' ? null : 'mute')
  useKeys({ M: mute, y: () => goTo({ place: 'channel', address }), ...(onRename ? { m: onRename } : {}) })
  const items: MenuItem[] = [
    ...(onRename
      ? [
          topic.resolved
            ? { id: 'reopen', icon: 'undo' as const, label: t`Genåbn`, onChoose: () => resolve(false) }
            : { id: 'resolve', icon: 'done' as const, label: t`Markér som løst`, onChoose: () => resolve(true) },
          { id: 'rename', icon: 'pen' as const, label: t`Omdøb`, shortcut: 'm', onChoose: onRename },
        ]
      : []),
    attention === 'follow'
      ? { id: 'unfollow', icon: 'bell' as const, label: t`Følg ikke længere`, onChoose: () => attend(null) }
      : { id: 'follow', icon: 'bell-on' as const, label: t`Følg`, onChoose: () => attend('follow') },
    attention === 'mute'
      ? { id: 'unmute', icon: 'bell' as const, label: t`Ikke lydløs længere`, shortcut: '⇧M', onChoose: mute }
      : { id: 'mute', icon: 'bell-off' as const, label: t`Lydløs`, shortcut: '⇧M', onChoose: mute },
    { id: 'link', icon: 'link', label: t`Kopiér link`, onChoose: onCopyLink },
    ...(phone ? [{ id: 'panel', icon: 'panel' as const, label: t`Om emnet`, onChoose: panel.toggle }] : []),
  ]
  return (
    <>
      {attention === 'mute'
        ? <Button look="second" icon="bell-off" className={styles['wide']} aria-pressed onClick={mute}><Trans>Lydløs</Trans></Button>
        : (
            <Button
              look="second" icon={attention === 'follow' ? 'bell-on' : 'bell'} className={styles['wide']} aria-pressed={attention === 'follow'}
              onClick={() => attend(attention === 'follow' ? null : 'follow')}
            >
              {attention === 'follow' ? <Trans>Følger</Trans> : <Trans>Følg</Trans>}
            </Button>
          )}
      {onRename && !topic.resolved && (
        <Button icon="done" label={t`Markér som løst`} className={styles['wide']} onClick={() => resolve(true)} />
      )}
      <PanelButton panel={panel} label={t`Om emnet`} className={styles['wide']} />
      <Menu icon="more" label={t`Flere handlinger`} items={items} />
    </>
  )
}
