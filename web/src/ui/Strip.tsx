/** One line above the page that says how the connection is. */
import type { ReactNode } from 'react'

import { classes } from './classes'
import { Icon } from './Icon'
import styles from './Strip.module.css'

export function Strip({ warn, children }: { readonly warn?: boolean; readonly children: ReactNode }) {
  return (
    <div className={classes(styles['strip'], warn && styles['warn'])} role="status">
      {warn ? <Icon name="cloud-off" /> : <span className={styles['spin']} aria-hidden="true" />}
      <p>{children}</p>
    </div>
  )
}
