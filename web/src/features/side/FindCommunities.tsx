/** The communities one may join or leave. Fetched when it is needed. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'

import type { Community } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Product, Tile } from '../../ui/Tile'
import { useToast } from '../../ui/Toast'
import { useAct, useView } from '../client'
import { markOf, productParts } from '../names'
import styles from './FindCommunities.module.css'

export default function FindCommunities({ onClose }: { readonly onClose: () => void }) {
  const communities = useView((view) => view.communities())
  return (
    <Dialog title={t`Produktfællesskaber`} closeLabel={t`Luk`} wide onClose={onClose}>
      <ul className={styles['list']} role="list">
        {communities.map((community) => <CommunityItem key={community.slug} community={community} />)}
      </ul>
    </Dialog>
  )
}

function CommunityItem({ community }: { readonly community: Community }) {
  const act = useAct()
  const say = useToast()
  const [busy, setBusy] = useState(false)
  const { name, joined } = community
  const join = async (): Promise<void> => {
    setBusy(true)
    try {
      await act.joinCommunity(community.slug, !joined)
    } catch {
      say(joined ? t`Du kunne ikke forlade ${name}. Prøv igen.` : t`Du kunne ikke slutte dig til ${name}. Prøv igen.`)
    }
    setBusy(false)
  }
  return (
    <li>
      <Tile letters={markOf(name)} hue={community.hue} size="l" />
      <span className={styles['text']}>
        <span><Product parts={productParts(name)} /></span>
        <span className={styles['summary']}>{community.summary}</span>
      </span>
      <Button
        small look={joined ? 'quiet' : 'second'} busy={busy} onClick={() => void join()}
        aria-label={joined ? t`Forlad ${name}` : t`Slut dig til ${name}`}
      >
        {joined ? <Trans>Forlad</Trans> : <Trans>Slut dig til</Trans>}
      </Button>
    </li>
  )
}
