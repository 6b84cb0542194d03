/** One topic in a channel's list: unread, name, latest message, people, how many messages, when. */
import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'

import { makeLink } from '../../mx/links'
import type { ChannelAddress, Topic, Unread } from '../../mx/model'
import { Stack } from '../../ui/Avatar'
import { Icon } from '../../ui/Icon'
import { classes } from '../../ui/classes'
import { useWholeView } from '../client'
import { faceOf, fullName, peopleInARow, topicName } from '../names'
import { ReadButton } from '../reading/ReadButton'
import { machineTime, shortTime, wholeTime } from '../time'
import { toldApart } from '../twins'
import { useNow } from '../useNow'
import { unreadWords } from '../words'
import styles from './Channel.module.css'

export function Knot({ unread }: { readonly unread: Unread }) {
  const words = unreadWords(unread)
  if (!words) return <span className={classes(styles['knot'], styles['read'])} aria-hidden="true" />
  return (
    <span className={classes(styles['knot'], words.you && styles['you'])}>
      <span aria-hidden="true">{words.shown}</span>
      <span className="vh">{words.spoken}: </span>
    </span>
  )
}

export function TopicRow({ topic, address }: { readonly topic: Topic; readonly address: ChannelAddress }) {
  const view = useWholeView()
  const now = useNow()
  const faces = topic.participants.slice(0, 3).map((id) => faceOf(view.person(id)))
  // Until all who wrote are known no number is told.
  const total = topic.participantsWhole ? topic.participants.length : faces.length
  const muted = topic.attention === 'mute'
  const { messages } = topic
  const apart = toldApart(view, topic)
  return (
    <li data-item className={classes(styles['item'], muted && styles['muted'], topic.unread.count === 0 && styles['rest'])}>
      <a className={styles['row']} data-row href={makeLink({ place: 'conversation', address, root: topic.root, event: null })}>
        <Knot unread={topic.unread} />
        <span className={styles['text']}>
          <span className={styles['title']}>
            {topic.resolved && <><span className="vh"><Trans>Løst:</Trans> </span><Icon name="done" className="is-ok" /></>}
            {muted && <><span className="vh"><Trans>Lydløst:</Trans> </span><Icon name="bell-off" /></>}
            <b className={topic.named ? undefined : styles['unnamed']}>{topicName(topic)}</b>
            {apart && <span className={styles['snippet']}>{apart}</span>}
            {topic.attention === 'follow' && (
              <span className={styles['flag']} title={t`Du følger emnet`}>
                <Icon name="bell-on" />
                <span className="vh"><Trans>Du følger emnet</Trans></span>
              </span>
            )}
          </span>
          <span className={styles['snippet']}><b>{fullName(view.person(topic.lastSender))}:</b> {topic.lastText}</span>
        </span>
        <Stack className={styles['stack']} faces={faces} total={total} label={peopleInARow(faces, total)} />
        <span className={styles['num']}><Plural value={messages} one="# besked" other="# beskeder" /></span>
        <time className={styles['time']} dateTime={machineTime(topic.lastAt)} title={wholeTime(topic.lastAt)}>{shortTime(topic.lastAt, now)}</time>
      </a>
      {topic.unread.count > 0 && <ReadButton conversation={{ roomId: topic.roomId, root: topic.root }} name={topicName(topic)} className={styles['act']} />}
    </li>
  )
}
