/** About a topic: what one hears of it, who takes part, its files. Fetched when it is opened. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useId, useMemo } from 'react'

import type { Attachment, Topic } from '../../mx/model'
import { Icon } from '../../ui/Icon'
import { Segment } from '../../ui/Segment'
import { useView, useWholeView } from '../client'
import { useFetch } from '../conversation/Attachment'
import { dayHeading, fileSize, number } from '../time'
import { useNow } from '../useNow'
import styles from './Panel.module.css'
import { PersonRow } from './PersonRow'

interface TopicPanelProps {
  readonly topic: Topic
  /** Slug of the community. */
  readonly community: string
  readonly onAttend: (wanted: Topic['attention']) => void
  /** Null: not allowed. */
  readonly onRename: (() => void) | null
  readonly onCopyLink: () => void
}

export default function TopicPanel({ topic, community, onAttend, onRename, onCopyLink }: TopicPanelProps) {
  const view = useWholeView()
  const [attend, people, topicCommands] = [useId(), useId(), useId()]
  const { participants, participantsWhole, startedBy } = topic
  return (
    <div className={styles['scroll']}>
      <section aria-labelledby={attend}>
        <h3 id={attend}><Trans>Giv mig besked om</Trans></h3>
        <Segment
          label={t`Giv mig besked om`} chosen={topic.attention ?? 'mentions'} onChoose={(value) => onAttend(value === 'mentions' ? null : value)}
          options={[{ value: 'follow', label: t`Alt` }, { value: 'mentions', label: t`Omtaler` }, { value: 'mute', label: t`Intet` }]}
        />
      </section>
      <section aria-labelledby={people}>
        <h3 id={people}><Trans>Deltagere</Trans>{participantsWhole && <> <span>{number(participants.length)}</span></>}</h3>
        <ul className={styles['people']} role="list">
          {participants.map((id) => (
            <PersonRow key={id} person={view.person(id)} community={community} said={id === startedBy ? t`startede emnet` : undefined} />
          ))}
        </ul>
      </section>
      <Files topic={topic} />
      <section aria-labelledby={topicCommands}>
        <h3 id={topicCommands}><Trans>Emnet</Trans></h3>
        <ul className={styles['cmds']} role="list">
          {onRename && (
            <li><button type="button" onClick={onRename}><Icon name="pen" /><Trans>Omdøb</Trans><kbd aria-hidden="true">m</kbd></button></li>
          )}
          <li><button type="button" onClick={onCopyLink}><Icon name="link" /><Trans>Kopiér link</Trans></button></li>
        </ul>
      </section>
    </div>
  )
}

/** The files of the messages that are here; their number is told when all messages are. */
function Files({ topic: { roomId, root } }: { readonly topic: Topic }) {
  const key = useMemo(() => ({ roomId, root }), [roomId, root])
  const { items, hasOlder } = useView((view) => view.timeline(key))
  const heading = useId()
  const files = items.flatMap((item) =>
    item.type === 'message' && item.message.state === 'sent' && !item.message.deleted && item.message.attachment
      ? [{ id: item.message.id, at: item.message.at, attachment: item.message.attachment }]
      : []).toReversed()
  if (files.length === 0) return null
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}><Trans>Filer</Trans>{!hasOlder && <> <span>{number(files.length)}</span></>}</h3>
      <ul className={styles['files']} role="list">
        {files.map(({ id, at, attachment }) => <li key={id}><FileRow attachment={attachment} at={at} /></li>)}
      </ul>
    </section>
  )
}

function FileRow({ attachment, at }: { readonly attachment: Attachment; readonly at: number }) {
  const fetchFile = useFetch(attachment)
  const now = useNow()
  const { name } = attachment
  return (
    <button type="button" onClick={() => void fetchFile()}>
      <Icon name="file" />
      <span className="vh"><Trans>Hent</Trans> </span>
      <span><b>{name}</b><span>{dayHeading(at, now)}, {fileSize(attachment.size)}</span></span>
    </button>
  )
}
