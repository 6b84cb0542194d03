/** The messages of a conversation on their thread, day by day. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useId, type RefObject } from 'react'

import type { Notice, Timeline as TimelineData } from '../../mx/model'
import { Icon } from '../../ui/Icon'
import { Skeleton } from '../../ui/Skeleton'
import { classes } from '../../ui/classes'
import { useView } from '../client'
import { fullName } from '../names'
import { clock, dayHeading, daysAgo, machineTime, sentenceTime } from '../time'
import { useNow } from '../useNow'
import type { Acting } from './acting'
import { days, type Day, type Row } from './days'
import { MessageView } from './MessageView'
import styles from './Timeline.module.css'

interface TimelineProps {
  readonly timeline: TimelineData
  readonly community: string | null
  readonly mayWrite: boolean
  readonly mayRemove: boolean
  readonly acting: Acting | null
  readonly pointed: string | null
  /** The person answered: what was new is not any more. */
  readonly answered: boolean
  readonly scroll: RefObject<HTMLDivElement | null>
  readonly onScroll: () => void
  readonly list: RefObject<HTMLDivElement | null>
}

export function Timeline({ timeline, scroll, onScroll, list, ...rest }: TimelineProps) {
  const now = useNow()
  const found = days(timeline.items, timeline.firstUnread, !timeline.hasOlder)
  return (
    <div className={styles['scroll']} ref={scroll} onScroll={onScroll} role="region" aria-label={t`Beskeder`}>
      <div className={styles['timeline']} ref={list}>
        {timeline.hasOlder && timeline.loading && timeline.items.length > 0 && <Skeleton kind="messages" label={t`Henter ældre beskeder`} />}
        {timeline.items.length === 0 && timeline.loading && <Skeleton kind="messages" label={t`Henter beskeder`} />}
        {found.map((day, index) => (
          <DayPart key={`${day.at}`} day={day} first={index === 0 && !timeline.hasOlder} now={now} readUpTo={timeline.readUpTo} {...rest} />
        ))}
      </div>
    </div>
  )
}

interface DayPartProps extends Omit<TimelineProps, 'timeline' | 'scroll' | 'onScroll' | 'list'> {
  readonly day: Day
  readonly first: boolean
  readonly now: number
  readonly readUpTo: number
}

function DayPart({ day, first, now, readUpTo, ...rest }: DayPartProps) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className={classes(styles['whole'], first && styles['first'])}>
      <h2 className={styles['day']} id={heading}><span>{dayHeading(day.at, now)}</span></h2>
      <ol role="list">
        {day.rows.map((row) => <RowView key={row.id} row={row} now={now} readUpTo={readUpTo} {...rest} />)}
      </ol>
    </section>
  )
}

interface RowViewProps extends Omit<DayPartProps, 'day' | 'first'> {
  readonly row: Row
}

function RowView({ row, now, readUpTo, community, mayWrite, mayRemove, acting, pointed, answered }: RowViewProps) {
  if (row.kind === 'new') return answered ? null : <NewMark readUpTo={readUpTo} now={now} />
  const look = classes(styles['row'], row.first && styles['root'], row.isNew && !answered && styles['new'])
  if (row.kind === 'notice') return <NoticeRow notice={row.notice} className={look} />
  return (
    <li className={look}>
      <MessageView
        message={row.message} continued={row.continued} community={community} mayWrite={mayWrite} mayRemove={mayRemove}
        deed={acting?.id === row.id ? acting.deed : null} pointed={pointed === row.id}
      />
    </li>
  )
}

function NewMark({ readUpTo, now }: { readonly readUpTo: number; readonly now: number }) {
  const time = clock(readUpTo)
  const whole = sentenceTime(readUpTo, now)
  return (
    <li className={classes(styles['row'], styles['newMark'])} data-new>
      <span className={styles['knot']} />
      <p>
        {readUpTo <= 0 && <Trans>Nyt</Trans>}
        {readUpTo > 0 && (daysAgo(readUpTo, now) === 0 ? <Trans>Nyt siden kl. {time}</Trans> : <Trans>Nyt siden {whole}</Trans>)}
      </p>
    </li>
  )
}

function NoticeRow({ notice, className }: { readonly notice: Notice; readonly className: string }) {
  const sender = useView((view) => view.person(notice.sender))
  const name = <b>{fullName(sender)}</b>
  const { text } = notice
  return (
    <li className={classes(className, styles['note'])}>
      <span className={styles['knot']}><Icon name={notice.kind === 'resolved' ? 'done' : notice.kind === 'renamed' ? 'pen' : notice.kind === 'reopened' ? 'undo' : 'more'} className={notice.kind === 'resolved' ? 'is-ok' : undefined} /></span>
      <p>
        {notice.kind === 'resolved' && <Trans>{name} har markeret emnet som løst.</Trans>}
        {notice.kind === 'reopened' && <Trans>{name} har genåbnet emnet.</Trans>}
        {notice.kind === 'renamed' && <Trans>{name} har omdøbt emnet til »{text}«.</Trans>}
        {notice.kind === 'unknown' && <span title={text}><Trans>{name} har gjort noget, vi ikke kan vise her.</Trans></span>}
        {' '}
        <time dateTime={machineTime(notice.at)}>{clock(notice.at)}</time>
      </p>
    </li>
  )
}
