/** One line above the page that says how the connection is. */
import type { ReactNode } from 'react'

import { classes } from './classes'
import { Icon, type IconName } from './Icon'
import styles from './Strip.module.css'

interface StripProps {
  readonly warn?: boolean
  readonly icon?: IconName
  /** What one can do about it. */
  readonly acts?: ReactNode
  readonly children: ReactNode
}

export function Strip({ warn, icon = 'cloud-off', acts, children }: StripProps) {
  return (
    <div className={classes(styles['strip'], warn && styles['warn'])} role="status">
      {warn ? <Icon name={icon} /> : <span className={styles['spin']} aria-hidden="true" />}
      <p>{children}</p>
      {acts}
    </div>
  )
}
