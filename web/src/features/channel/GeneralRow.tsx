/** "Uden emne" in a channel's list: what is said without a topic. Gone where nothing may be said and nothing is new. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { makeLink } from '../../mx/links'
import type { ChannelAddress, RoomId } from '../../mx/model'
import { Icon } from '../../ui/Icon'
import { classes } from '../../ui/classes'
import { useView } from '../client'
import { ReadButton } from '../reading/ReadButton'
import styles from './Channel.module.css'
import { Knot } from './TopicRow'

export function GeneralRow({ roomId, address }: { readonly roomId: RoomId; readonly address: ChannelAddress }) {
  const unread = useView((view) => view.unread(roomId, null))
  const mayNot = useView((view) => view.mayNotWrite({ roomId, root: null }))
  if (mayNot !== null && unread.count === 0) return null
  return (
    <li data-item className={classes(styles['item'], unread.count === 0 && styles['rest'])}>
      <a className={styles['row']} data-row href={makeLink({ place: 'conversation', address, root: null, event: null })}>
        <Knot unread={unread} />
        <span className={styles['text']}>
          <span className={styles['title']}><Icon name="bubble" /><b><Trans>Uden emne</Trans></b></span>
          <span className={styles['snippet']}><Trans>Korte beskeder, der ikke skal gemmes som et emne</Trans></span>
        </span>
      </a>
      {unread.count > 0 && <ReadButton conversation={{ roomId, root: null }} name={t`Uden emne`} className={styles['act']} />}
    </li>
  )
}
