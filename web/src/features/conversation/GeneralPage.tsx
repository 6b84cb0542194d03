/** Uden emne: what is said in a channel without a topic. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useCallback, useMemo } from 'react'

import type { Channel, Community, EventId, RoomId } from '../../mx/model'
import { makeLink } from '../../mx/links'
import { Head } from '../../ui/Head'
import { Tile } from '../../ui/Tile'
import { markOf } from '../names'
import { goTo } from '../route'
import { useTitle } from '../useTitle'
import { Conversation } from './Conversation'
import { crumbs } from './TopicPage'

interface GeneralPageProps {
  readonly community: Community
  readonly channel: Channel
  readonly roomId: RoomId
  readonly event: EventId | null
}

export function GeneralPage({ community, channel, roomId, event }: GeneralPageProps) {
  const conversation = useMemo(() => ({ roomId, root: null }), [roomId])
  const address = useMemo(() => ({ community: community.slug, channel: channel.slug }), [community.slug, channel.slug])
  const linkTo = useCallback((to: EventId) => ({ place: 'conversation' as const, address, root: null, event: to }), [address])
  useTitle(t`Uden emne, ${channel.name}`)
  return (
    <>
      <Head
        title={<Trans>Uden emne</Trans>} badge={<Tile letters={markOf(community.name)} hue={community.hue} size="l" />} crumbsLabel={t`Du er her`}
        crumbs={crumbs(community, channel)} back={{ label: t`Tilbage til ${channel.name}`, href: makeLink({ place: 'channel', address }) }}
      />
      <Conversation
        key={roomId} conversation={conversation} event={event} linkTo={linkTo} community={community.slug} moderator={community.moderator}
        label={t`Skriv uden emne i ${channel.name}`} placeholder={t`Skriv uden emne …`} onLeave={() => goTo({ place: 'channel', address })}
      />
    </>
  )
}
