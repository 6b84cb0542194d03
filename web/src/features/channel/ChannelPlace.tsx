/** Anything in a channel: finds the channel, opens it, and shows its topics or one conversation. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useState } from 'react'

import { makeLink, type Link } from '../../mx/links'
import type { Channel, Community } from '../../mx/model'
import { Blank } from '../../ui/Blank'
import { Button, ButtonLink } from '../../ui/Button'
import { Head } from '../../ui/Head'
import { Icon } from '../../ui/Icon'
import { Skeleton } from '../../ui/Skeleton'
import { Tile } from '../../ui/Tile'
import { useAct, useView } from '../client'
import { GeneralPage } from '../conversation/GeneralPage'
import { TopicPage } from '../conversation/TopicPage'
import { markOf } from '../names'
import { channelIcon } from '../side/ChannelRow'
import { ChannelPage } from './ChannelPage'

type InChannel = Extract<Link, { place: 'channel' | 'conversation' }>

interface ChannelPlaceProps {
  readonly link: InChannel
  readonly writing: boolean
  readonly onWrite: (open: boolean) => void
}

export function ChannelPlace({ link, writing, onWrite }: ChannelPlaceProps) {
  const communities = useView((view) => view.communities())
  const ready = useView((view) => view.ready())
  const community = communities.find((one) => one.slug === link.address.community)
  const channel = community?.channels.find((one) => one.slug === link.address.channel)
  if (!community || !channel) {
    return ready ? <NotHere /> : <Skeleton kind="rows" label={t`Henter kanalen`} />
  }
  return <Opened key={`${community.slug} ${channel.slug}`} community={community} channel={channel} link={link} writing={writing} onWrite={onWrite} />
}

export function NotHere() {
  return (
    <>
      <Head title={t`Kanalen er her ikke`} back={{ label: t`Tilbage til kanaler`, href: makeLink({ place: 'channels' }) }} />
      <Blank icon="search" title={t`Vi kender ikke den kanal`} acts={<ButtonLink look="second" href={makeLink({ place: 'recent' })}><Trans>Se de seneste samtaler</Trans></ButtonLink>}>
        <Trans>Den kan være lukket, eller linket er ikke helt.</Trans>
      </Blank>
    </>
  )
}

interface OpenedProps extends ChannelPlaceProps {
  readonly community: Community
  readonly channel: Channel
}

function Opened({ community, channel, link, writing, onWrite }: OpenedProps) {
  const act = useAct()
  const [tries, setTries] = useState(0)
  const [failedTry, setFailedTry] = useState<number | null>(null)
  const failed = failedTry === tries
  const allowed = channel.joined || channel.mayJoin
  useEffect(() => {
    if (!allowed) return undefined
    let wanted = true
    act.openChannel({ community: community.slug, channel: channel.slug }).catch(() => wanted && setFailedTry(tries))
    return () => {
      wanted = false
    }
  }, [act, allowed, community.slug, channel.slug, tries])
  const { roomId } = channel
  if (roomId !== null && channel.joined) {
    if (link.place === 'channel') return <ChannelPage community={community} channel={channel} roomId={roomId} writing={writing} onWrite={onWrite} />
    return link.root === null
      ? <GeneralPage community={community} channel={channel} roomId={roomId} event={link.event} />
      : <TopicPage community={community} channel={channel} roomId={roomId} root={link.root} event={link.event} />
  }
  const { name } = channel
  return (
    <>
      <Head
        title={<><Icon name={channelIcon(channel)} />{name}</>} badge={<Tile letters={markOf(community.name)} hue={community.hue} size="l" />}
        crumbsLabel={t`Du er her`} crumbs={[{ label: community.name, href: makeLink({ place: 'community', community: community.slug }) }]}
        back={{ label: t`Tilbage til kanaler`, href: makeLink({ place: 'channels' }) }}
      />
      {!allowed && (
        <Blank icon="lock" title={t`Kanalen er kun for inviterede`}>
          <Trans>{name} i {community.name} er for inviterede. Spørg en moderator, om du må være med.</Trans>
        </Blank>
      )}
      {allowed && failed && (
        <Blank icon="warn" title={t`Vi kunne ikke åbne kanalen`} alert acts={<Button look="second" icon="refresh" onClick={() => setTries(tries + 1)}><Trans>Prøv igen</Trans></Button>} />
      )}
      {allowed && !failed && <Skeleton kind="rows" label={t`Henter kanalen`} />}
    </>
  )
}
