/** About a channel: what it is for, who looks after it, who is in it. Fetched when it is opened. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useId, useState } from 'react'

import type { Channel, Community, Person, RoomId } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Find } from '../../ui/Find'
import { Icon } from '../../ui/Icon'
import { Skeleton } from '../../ui/Skeleton'
import { useWholeView } from '../client'
import { fullName, matches, organisationOf } from '../names'
import { channelIcon } from '../side/ChannelRow'
import { number } from '../time'
import styles from './Panel.module.css'
import { PersonRow } from './PersonRow'

/** So many at first: a channel may have hundreds. */
const FIRST = 8

const danish = new Intl.Collator('da')

function kindOf({ kind }: Channel, community: string): string {
  switch (kind) {
    case 'announcement':
      return t`Nyhedskanal i ${community}: moderatorer skriver`
    case 'closed':
      return t`Lukket kanal i ${community}, kun for inviterede`
    default:
      return t`Åben kanal i ${community}`
  }
}

interface ChannelPanelProps {
  readonly community: Community
  readonly channel: Channel
  readonly roomId: RoomId
}

export default function ChannelPanel({ community, channel, roomId }: ChannelPanelProps) {
  const view = useWholeView()
  const heading = useId()
  const ids = view.members(roomId)
  const people = (ids ?? []).map((id) => view.person(id)).toSorted((one, other) => danish.compare(one.name, other.name))
  const moderators = people.filter((person) => person.moderates.includes(community.slug))
  const summary = view.summary(roomId)
  return (
    <div className={styles['scroll']}>
      <section>
        {summary && <p className={styles['lead']}>{summary}</p>}
        <ul className={styles['facts']} role="list">
          <li><Icon name={channelIcon(channel)} />{kindOf(channel, community.name)}</li>
          {channel.archived && <li><Icon name="lock" /><Trans>Arkiveret: man kan læse med, men ikke skrive</Trans></li>}
        </ul>
      </section>
      {ids === null && <Skeleton kind="rows" label={t`Henter medlemmer`} />}
      {moderators.length > 0 && (
        <section aria-labelledby={heading}>
          <h3 id={heading}><Trans>Moderatorer</Trans> <span>{number(moderators.length)}</span></h3>
          <ul className={styles['people']} role="list">
            {moderators.map((person) => <PersonRow key={person.id} person={person} community={community.slug} />)}
          </ul>
        </section>
      )}
      {people.length > 0 && <Members people={people} community={community.slug} />}
    </div>
  )
}

function Members({ people, community }: { readonly people: readonly Person[]; readonly community: string }) {
  const heading = useId()
  const [query, setQuery] = useState('')
  const [all, setAll] = useState(false)
  const found = query === '' ? people : people.filter((person) => matches(`${fullName(person)} ${organisationOf(person)}`, query))
  const shown = all || query !== '' ? found : found.slice(0, FIRST)
  const total = number(people.length)
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}><Trans>Medlemmer</Trans> <span>{total}</span></h3>
      {people.length > FIRST && <Find className={styles['find']} label={t`Find et medlem`} value={query} onChange={setQuery} />}
      <ul className={styles['people']} role="list">
        {shown.map((person) => <PersonRow key={person.id} person={person} community={community} />)}
      </ul>
      {found.length === 0 && <p className={styles['none']} role="status"><Trans>Ingen her hedder »{query}«.</Trans></p>}
      {shown.length < found.length && <Button small className={styles['all']} onClick={() => setAll(true)}><Trans>Vis alle {total}</Trans></Button>}
    </section>
  )
}
