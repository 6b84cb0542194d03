/** Stands where a topic was that has been moved to another channel. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { makeLink } from '../../mx/links'
import type { EventId, RoomId } from '../../mx/model'
import { Blank } from '../../ui/Blank'
import { ButtonLink } from '../../ui/Button'
import { useView } from '../client'
import { communityAt } from '../names'

export function MovedTopic({ to }: { readonly to: { readonly roomId: RoomId; readonly root: EventId } }) {
  const address = useView((view) => view.addressOf(to.roomId))
  const community = useView((view) => address && communityAt(view, address))
  const channel = community?.channels.find((one) => one.slug === address?.channel)
  // Without rights in the target one is not told which channel it is.
  if (!address || !community || !channel || !(channel.joined || channel.mayJoin)) {
    return (
      <Blank icon="tree" title={t`Emnet er flyttet`}>
        <Trans>Det står nu i en kanal, du ikke er med i. Spørg en moderator, om du må være med.</Trans>
      </Blank>
    )
  }
  const link = makeLink({ place: 'conversation', address, root: to.root, event: null })
  return (
    <Blank icon="tree" title={t`Emnet er flyttet`} acts={<ButtonLink look="second" href={link}><Trans>Gå til emnet</Trans></ButtonLink>}>
      <Trans>Det står nu i {channel.name} i {community.name}.</Trans>
    </Blank>
  )
}
