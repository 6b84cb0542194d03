/** A community's own address: what it is about, its channels, and the way in for those who are not with it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'

import { makeLink } from '../../mx/links'
import type { Community } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Head } from '../../ui/Head'
import { Icon } from '../../ui/Icon'
import { Skeleton } from '../../ui/Skeleton'
import { Product, Tile } from '../../ui/Tile'
import { useToast } from '../../ui/Toast'
import { useRoving } from '../../ui/useRoving'
import { useAct, useView } from '../client'
import { useKeys } from '../keys/keys'
import { markOf, productParts } from '../names'
import { channelIcon } from '../side/ChannelRow'
import { useTitle } from '../useTitle'
import styles from './Channel.module.css'
import { NotHere } from './ChannelPlace'

export function CommunityPlace({ slug }: { readonly slug: string }) {
  const community = useView((view) => view.communities()).find((one) => one.slug === slug)
  const ready = useView((view) => view.ready())
  if (community) return <CommunityPage community={community} />
  return ready ? <NotHere /> : <Skeleton kind="rows" label={t`Henter fællesskabet`} />
}

function CommunityPage({ community }: { readonly community: Community }) {
  const act = useAct()
  const say = useToast()
  const [busy, setBusy] = useState(false)
  const { name } = community
  useTitle(name)
  const [list, move] = useRoving<HTMLUListElement>()
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1) })
  const join = async (): Promise<void> => {
    setBusy(true)
    try {
      await act.joinCommunity(community.slug, true)
    } catch {
      say(t`Du kunne ikke slutte dig til ${name}. Prøv igen.`)
    }
    setBusy(false)
  }
  // What is archived leaves the side; here who was in it finds it again.
  const channels = community.channels.filter((channel) => channel.joined || (channel.mayJoin && !channel.archived))
  return (
    <>
      <Head
        title={<Product parts={productParts(name)} />} badge={<Tile letters={markOf(name)} hue={community.hue} size="l" />} sub={community.summary}
        back={{ label: t`Tilbage til kanaler`, href: makeLink({ place: 'channels' }) }}
      >
        {!community.joined && <Button look="primary" busy={busy} onClick={() => void join()}><Trans>Slut dig til</Trans></Button>}
      </Head>
      <div className={styles['scroll']}>
        <div className={styles['col']}>
          <ul ref={list} className={styles['list']} role="list" aria-label={t`Kanaler`}>
            {channels.map((channel) => (
              <li key={channel.slug} className={styles['item']}>
                <a className={styles['row']} data-row href={makeLink({ place: 'channel', address: { community: community.slug, channel: channel.slug } })}>
                  <span className={styles['title']}><Icon name={channelIcon(channel)} /><b>{channel.name}</b>{channel.archived && <> <Trans>(arkiveret)</Trans></>}</span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </>
  )
}
