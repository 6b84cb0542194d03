/** On a phone the side's lists are pages: Kanaler and Beskeder. */
import { t } from '@lingui/core/macro'

import { Button } from '../../ui/Button'
import { classes } from '../../ui/classes'
import { useView } from '../client'
import { useTitle } from '../useTitle'
import { Communities } from './Communities'
import { PrivateChats } from './PrivateChats'
import styles from './Side.module.css'

interface SidePageProps {
  readonly of: 'channels' | 'messages'
  readonly onNewPrivate: () => void
  readonly onFindCommunities: () => void
}

export function SidePage({ of, onNewPrivate, onFindCommunities }: SidePageProps) {
  const guest = useView((view) => view.me().guest)
  const title = of === 'channels' ? t`Kanaler` : t`Beskeder`
  useTitle(title)
  return (
    <div className={classes(styles['side'], styles['page'])}>
      <header className={styles['top']}>
        <h1>{title}</h1>
        {of === 'messages' && !guest && <Button icon="pen" label={t`Ny privat besked`} onClick={onNewPrivate} />}
      </header>
      <nav className={styles['nav']} aria-label={title}>
        {of === 'channels' ? <Communities onFind={guest ? null : onFindCommunities} /> : <PrivateChats bare onNew={guest ? null : onNewPrivate} />}
      </nav>
    </div>
  )
}
