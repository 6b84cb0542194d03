/** The communities one belongs to; each opens to its channels. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useId } from 'react'

import type { Channel, Community } from '../../mx/model'
import type { Link } from '../../mx/links'
import { Button } from '../../ui/Button'
import { Count } from '../../ui/Count'
import { Icon } from '../../ui/Icon'
import { Product, Tile } from '../../ui/Tile'
import { classes } from '../../ui/classes'
import { useRoving } from '../../ui/useRoving'
import { useView, useWholeView } from '../client'
import { markOf, productParts } from '../names'
import { useLink } from '../route'
import { prefer, preferences, usePreferences } from '../settings/preferences'
import { sum, unreadWords } from '../words'
import { ChannelRow } from './ChannelRow'
import styles from './Side.module.css'

/** The community the open place is in. */
function communityIn(link: Link): string | null {
  if (link.place === 'channel' || link.place === 'conversation') return link.address.community
  return link.place === 'community' ? link.community : null
}

function visible(channel: Channel): boolean {
  return !channel.archived && (channel.joined || channel.mayJoin)
}

/** `onFind` null: guests are where they were invited, and find nothing else. */
export function Communities({ onFind }: { readonly onFind: (() => void) | null }) {
  const view = useWholeView()
  const communities = useView((known) => known.communities())
  const ready = useView((known) => known.ready())
  const link = useLink()
  const heading = useId()
  const [list] = useRoving<HTMLDivElement>()
  const here = communityIn(link)
  const joined = communities.filter((community) => community.joined || community.slug === here)
  const { unfolded } = usePreferences()
  // Whoever has opened none yet sees what a community holds: the first that has something new.
  const first = joined.find((community) => community.channels.some(({ roomId }) => roomId !== null && view.unread(roomId).count > 0)) ?? joined[0]
  const shown = unfolded ?? (first ? [first.slug] : [])
  // Where one goes, the side follows: and it stays open until one folds it.
  useEffect(() => {
    const open = preferences().unfolded ?? []
    if (here !== null && !open.includes(here)) prefer({ unfolded: [...open, here] })
  }, [here])
  const mayFindMore = communities.some((community) => !community.joined)
  return (
    <section aria-labelledby={heading}>
      <div className={styles['heading']}>
        <h2 id={heading}><Trans>Produktfællesskaber</Trans></h2>
        {onFind && mayFindMore && <Button small icon="plus" label={t`Find flere fællesskaber`} onClick={onFind} />}
      </div>
      <div ref={list}>
        {joined.map((community) => <CommunityPart key={community.slug} community={community} unfolded={shown} />)}
      </div>
      {ready && joined.length === 0 && <p className={styles['nothing']}><Trans>Du er ikke med i nogen endnu.</Trans></p>}
    </section>
  )
}

interface CommunityPartProps {
  readonly community: Community
  readonly unfolded: readonly string[]
}

function CommunityPart({ community, unfolded }: CommunityPartProps) {
  const view = useWholeView()
  const list = useId()
  const open = unfolded.includes(community.slug)
  const channels = community.channels.filter(visible)
  const unread = sum(channels.map((channel) => (channel.roomId ? view.unread(channel.roomId) : { count: 0, highlight: 0 })))
  const words = unreadWords(unread)
  const toggle = (): void => prefer({
    unfolded: open ? unfolded.filter((slug) => slug !== community.slug) : [...unfolded, community.slug],
  })
  return (
    <div data-hue={community.hue}>
      <button
        type="button" data-row className={classes(styles['comHead'], words && styles['new'])} aria-expanded={open}
        aria-controls={open ? list : undefined} onClick={toggle}
      >
        <Tile letters={markOf(community.name)} hue={community.hue} />
        <Product className={styles['comName']} parts={productParts(community.name)} />
        {!open && words && <Count {...words} />}
        <Icon name={open ? 'chev-d' : 'chev-r'} className={styles['chev']} />
      </button>
      {open && (
        <ul role="list" id={list} className={styles['channels']}>
          {channels.map((channel) => <ChannelRow key={channel.slug} community={community} channel={channel} />)}
        </ul>
      )}
    </div>
  )
}
