/** One conversation in Seneste. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { makeLink, type Link } from '../../mx/links'
import type { Conversation, Unread, UserId } from '../../mx/model'
import type { View } from '../../mx/client'
import { Stack } from '../../ui/Avatar'
import { Count } from '../../ui/Count'
import { Icon } from '../../ui/Icon'
import { PlainTile, Product, Tile } from '../../ui/Tile'
import { classes } from '../../ui/classes'
import { useWholeView } from '../client'
import { chatName, communityAt, faceOf, markOf, peopleInARow, productParts, topicName } from '../names'
import { ReadButton } from '../reading/ReadButton'
import { machineTime, shortTime, wholeTime } from '../time'
import { toldApart } from '../twins'
import { useNow } from '../useNow'
import { unreadWords } from '../words'
import styles from './Recent.module.css'

function linkTo({ key, chat, address }: Conversation): Link {
  if (chat || !address) return { place: 'private', roomId: key.roomId, event: null }
  return { place: 'conversation', address, root: key.root, event: null }
}

interface Facts {
  readonly name: string
  readonly people: readonly UserId[]
  readonly whole: boolean
  readonly unread: Unread
}

function factsOf(view: View, { key, topic, chat }: Conversation): Facts {
  if (topic) return { name: topicName(topic), people: topic.participants, whole: topic.participantsWhole, unread: topic.unread }
  if (chat) return { name: chatName(view, chat), people: chat.people, whole: true, unread: chat.unread }
  return { name: t`Uden emne`, people: [], whole: true, unread: view.unread(key.roomId, key.root) }
}

export function RecentRow({ conversation }: { readonly conversation: Conversation }) {
  const view = useWholeView()
  const now = useNow()
  const { topic, lastAt, lastSender } = conversation
  const { name, people, whole, unread } = factsOf(view, conversation)
  const total = whole ? people.length : Math.min(3, people.length)
  const sender = lastSender && view.person(lastSender).name
  const faces = people.slice(0, 3).map((id) => faceOf(view.person(id)))
  const words = unreadWords(unread)
  const apart = topic && toldApart(view, topic)
  const muted = topic?.attention === 'mute'
  return (
    <tr data-item className={classes(words && !muted && styles['hasNew'], muted && styles['muted'])}>
      <th scope="row">
        <a className={styles['title']} data-row href={makeLink(linkTo(conversation))}>
          {topic?.resolved && <><Icon name="done" className="is-ok" /><span className="vh"><Trans>Løst:</Trans> </span></>}
          <span className={classes(styles['name'], topic && !topic.named && styles['unnamed'])}>{name}{apart && ` (${apart})`}</span>
          {topic?.attention === 'follow' && <Flag icon="bell-on" title={t`Du følger emnet`} />}
          {muted && <Flag icon="bell-off" title={t`Lydløst`} />}
        </a>
      </th>
      <td className={styles['where']}><Place conversation={conversation} /></td>
      <td className={styles['people']}>
        {faces.length > 0 && <Stack faces={faces} total={total} label={peopleInARow(faces, total)} />}
      </td>
      <td className={styles['unread']}>
        {words
          ? <><Count {...words} /><ReadButton conversation={conversation.key} name={name} className={styles['act']} /></>
          : <span className={styles['none']}><span aria-hidden="true">·</span><span className="vh"><Trans>ingen</Trans></span></span>}
      </td>
      <td className={styles['last']}>
        <time dateTime={machineTime(lastAt)} title={wholeTime(lastAt)}>{shortTime(lastAt, now)}</time>
        {sender && <span title={sender}>{sender}</span>}
      </td>
    </tr>
  )
}

function Flag({ icon, title }: { readonly icon: 'bell-on' | 'bell-off'; readonly title: string }) {
  return (
    <span className={styles['flag']} title={title}>
      <Icon name={icon} />
      <span className="vh">{title}</span>
    </span>
  )
}

function Place({ conversation: { address } }: { readonly conversation: Conversation }) {
  const view = useWholeView()
  const community = address && communityAt(view, address)
  if (!address || !community) {
    return (
      <span className={styles['place']}>
        <PlainTile size="s"><Icon name="bubble" /></PlainTile>
        <span><Trans>Privat</Trans></span>
      </span>
    )
  }
  const channel = community.channels.find((one) => one.slug === address.channel)
  return (
    <a className={styles['place']} tabIndex={-1} href={makeLink({ place: 'channel', address })}>
      <Tile letters={markOf(community.name)} hue={community.hue} size="s" />
      <span><Product parts={productParts(community.name)} /><span className={styles['channel']}>{channel?.name ?? address.channel}</span></span>
    </a>
  )
}
