/** One row of the side: where it leads, what is unread there, whether one is there now. */
import { useEffect, useRef, type ReactNode } from 'react'

import type { Unread } from '../../mx/model'
import { Count } from '../../ui/Count'
import { classes } from '../../ui/classes'
import { unreadWords } from '../words'
import styles from './Side.module.css'

interface RowProps {
  /** Null: one is there already, so the row leads nowhere and only says something. */
  readonly href: string | null
  readonly current?: boolean
  readonly unread?: Unread
  /** The count stands on other rows already: the row is strong, and no more. */
  readonly withoutCount?: boolean
  readonly muted?: boolean
  readonly lead?: ReactNode
  readonly tail?: ReactNode
  readonly unnamed?: boolean
  readonly className?: string | undefined
  readonly title?: string
  readonly children: ReactNode
}

export function Row({ href, current, unread, withoutCount, muted, lead, tail, unnamed, className, title, children }: RowProps) {
  const words = unread && unreadWords(unread)
  const link = useRef<HTMLAnchorElement>(null)
  // Where one is must be seen, however long the side has become.
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <a
      ref={link} href={href ?? undefined} data-row={href === null ? undefined : true} aria-current={current ? 'page' : undefined} title={title}
      className={classes(styles['row'], words && !muted && styles['new'], muted && styles['muted'], className)}
    >
      {lead}
      <span className={classes(styles['text'], unnamed && styles['unnamed'])}>{children}</span>
      {tail}
      {words && !withoutCount && !muted && <Count {...words} />}
    </a>
  )
}
