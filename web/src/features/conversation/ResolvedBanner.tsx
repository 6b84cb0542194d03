/** Says that a topic is resolved, by whom and when, and opens it again. */
import { Trans } from '@lingui/react/macro'

import type { Topic } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { useView } from '../client'
import { fullName } from '../names'
import { sentenceTime } from '../time'
import { useNow } from '../useNow'
import styles from './Banner.module.css'

export function ResolvedBanner({ topic, onReopen }: { readonly topic: Topic; readonly onReopen: (() => void) | null }) {
  const now = useNow()
  const by = useView((view) => (topic.resolvedBy ? view.person(topic.resolvedBy) : null))
  const name = by && fullName(by)
  const time = topic.resolvedAt === null ? null : sentenceTime(topic.resolvedAt, now)
  return (
    <div className={styles['banner']} role="status">
      <Icon name="done" />
      <p>
        {name && time ? <Trans><b>Løst</b> af {name} {time}</Trans> : <b><Trans>Løst</Trans></b>}
        <span className={styles['only']}>. <Trans>Du kan stadig skrive her.</Trans></span>
      </p>
      {onReopen && <Button small icon="undo" onClick={onReopen}><Trans>Genåbn</Trans></Button>}
    </div>
  )
}
