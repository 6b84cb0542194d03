/** A channel in the side; the open one shows its topics on the community's thread. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { makeLink } from '../../mx/links'
import type { Channel, Community, EventId, RoomId, Topic } from '../../mx/model'
import { Icon, type IconName } from '../../ui/Icon'
import { useView, useWholeView } from '../client'
import { topicName } from '../names'
import { channelBefore, useLink } from '../route'
import { toldApart } from '../twins'
import { Row } from './Row'
import { shortList } from './shortList'
import styles from './Side.module.css'

export function channelIcon(channel: Pick<Channel, 'kind' | 'slug'>): IconName {
  if (channel.kind === 'announcement') return 'horn'
  if (channel.kind === 'closed') return 'lock'
  return channel.slug === 'generelt' ? 'bubble' : 'hash'
}

const NOTHING = { count: 0, highlight: 0 }

export function ChannelRow({ community, channel }: { readonly community: Community; readonly channel: Channel }) {
  const link = useLink()
  const unread = useView((view) => (channel.roomId ? view.unread(channel.roomId) : NOTHING))
  const address = { community: community.slug, channel: channel.slug }
  const inIt = link.place === 'channel' || link.place === 'conversation' ? link.address : null
  const shown = inIt ?? (link.place === 'channels' ? channelBefore() : null)
  const here = shown?.community === community.slug && shown.channel === channel.slug
  const open = link.place === 'conversation' ? link.root : null
  return (
    <li>
      <Row
        href={makeLink({ place: 'channel', address })} current={here && link.place === 'channel'} unread={unread}
        withoutCount={here} lead={<Icon name={channelIcon(channel)} />}
      >
        {channel.name}
      </Row>
      {here && channel.roomId && (
        <Topics
          roomId={channel.roomId} community={community.slug} channel={channel} open={open} onPage={link.place === 'channel'}
          general={link.place === 'conversation' && link.root === null}
        />
      )}
    </li>
  )
}

interface TopicsProps {
  readonly roomId: RoomId
  readonly community: string
  readonly channel: Channel
  readonly open: EventId | null
  /** Uden emne is open. */
  readonly general: boolean
  /** The channel's own page, with all its topics, is open. */
  readonly onPage: boolean
}

function Topics({ roomId, community, channel, open, general, onPage }: TopicsProps) {
  const view = useWholeView()
  const topics = useView((view) => view.topics(roomId))
  const apart = useView((view) => view.unread(roomId, null))
  const older = useView((view) => view.hasOlderTopics(roomId))
  if (!topics) return null
  const starter = (topic: Topic): string => {
    const said = toldApart(view, topic)
    return said === null ? '' : ` (${said})`
  }
  const { shown, more, moreUnread } = shortList(topics, open)
  const address = { community, channel: channel.slug }
  const { name } = channel
  const showGeneral = general || apart.count > 0
  if (shown.length === 0 && !showGeneral) return null
  return (
    <ul className={styles['topics']} role="list" aria-label={t`Emner i ${name}`}>
      {showGeneral && (
        <li>
          <Row
            className={styles['topic']} href={makeLink({ place: 'conversation', address, root: null, event: null })} current={general}
            unread={apart}
          >
            <Trans>Uden emne</Trans>
          </Row>
        </li>
      )}
      {shown.map((topic) => (
        <li key={topic.root}>
          <Row
            className={styles['topic']} current={topic.root === open} unread={topic.unread} muted={topic.attention === 'mute'}
            href={makeLink({ place: 'conversation', address, root: topic.root, event: null })} unnamed={!topic.named} title={topicName(topic) + starter(topic)}
            lead={topic.resolved && <><Icon name="done" className="is-ok" /><span className="vh"><Trans>Løst:</Trans> </span></>}
            tail={topic.attention === 'mute' && <><Icon name="bell-off" className={styles['tail']} /><span className="vh">, <Trans>lydløs</Trans></span></>}
          >
            {topicName(topic)}{starter(topic)}
          </Row>
        </li>
      ))}
      {(more > 0 || older) && (
        <li>
          <Row
            className={`${styles['topic']} ${styles['more']}`} href={onPage ? null : makeLink({ place: 'channel', address })}
            unread={{ count: moreUnread, highlight: 0 }}
          >
            {older ? <Trans>Flere emner</Trans> : plural(more, { one: '# emne til', other: '# flere emner' })}
          </Row>
        </li>
      )}
    </ul>
  )
}
