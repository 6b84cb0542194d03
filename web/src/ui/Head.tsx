/** The head of a page (mark, path, title, what one can do) and the bar of filters under it. */
import type { ReactNode } from 'react'

import { ButtonLink } from './Button'
import { classes } from './classes'
import styles from './Head.module.css'
import { Icon, type IconName } from './Icon'

interface Crumb {
  readonly label: string
  readonly href: string
}

interface HeadProps {
  readonly title: ReactNode
  /** The page's mark: an icon, or a community's tile. */
  readonly mark?: IconName
  readonly badge?: ReactNode
  readonly sub?: ReactNode
  readonly crumbs?: readonly Crumb[]
  readonly crumbsLabel?: string
  readonly back?: Crumb
  /** The title may be long: on a phone it takes two lines. */
  readonly long?: boolean
  readonly children?: ReactNode
}

export function Head({ title, mark, badge, sub, crumbs, crumbsLabel, back, long, children }: HeadProps) {
  return (
    <header className={classes(styles['head'], !back && styles['page'])}>
      {back && <ButtonLink className={styles['back']} icon="back" href={back.href} label={back.label} />}
      {mark && <span className={classes(styles['mark'], styles['badge'])} aria-hidden="true"><Icon name={mark} /></span>}
      {badge && <span className={styles['badge']}>{badge}</span>}
      <div className={classes(styles['text'], long && styles['long'])}>
        {crumbs && crumbs.length > 0 && (
          <nav className={styles['crumbs']} aria-label={crumbsLabel}>
            <ol role="list">
              {crumbs.map((crumb) => <li key={crumb.href}><a href={crumb.href}>{crumb.label}</a></li>)}
            </ol>
          </nav>
        )}
        <h1>{title}</h1>
        {sub && <p>{sub}</p>}
      </div>
      {children && <div className={styles['acts']}>{children}</div>}
    </header>
  )
}

export function Bar({ children }: { readonly children: ReactNode }) {
  return <div className={styles['bar']}>{children}</div>
}

export function BarSplit() {
  return <span className={styles['split']} aria-hidden="true" />
}

export const barFind = styles['find']
