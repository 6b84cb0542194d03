/** A page with nothing to show, or one that could not be had: an icon on a thread, a sentence, a way on. */
import type { ReactNode } from 'react'

import styles from './Blank.module.css'
import { Icon, type IconName } from './Icon'

interface BlankProps {
  readonly icon: IconName
  readonly title: string
  readonly children?: ReactNode
  readonly acts?: ReactNode
  readonly alert?: boolean
}

export function Blank({ icon, title, children, acts, alert }: BlankProps) {
  return (
    <div className={styles['blank']} role={alert ? 'alert' : undefined}>
      <span className={styles['art']} aria-hidden="true">
        <svg viewBox="0 0 120 64">
          <path className={styles['line']} d="M2 44c22 0 24-24 44-24" />
          <path className={styles['line']} d="M74 20c20 0 22 24 44 24" />
          <circle className={styles['knot']} cx="60" cy="20" r="13" />
        </svg>
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {acts && <div className={styles['acts']}>{acts}</div>}
    </div>
  )
}
