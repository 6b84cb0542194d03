/** A person in a panel: name, where from, what they are here. */
import { Trans } from '@lingui/react/macro'

import type { Person } from '../../mx/model'
import { Avatar } from '../../ui/Avatar'
import { faceOf, guestMark, organisationOf } from '../names'
import styles from './Panel.module.css'

interface PersonRowProps {
  readonly person: Person
  /** Slug of the community, to tell its moderators. */
  readonly community: string
  /** After the organisation. */
  readonly said?: string | undefined
}

export function PersonRow({ person, community, said }: PersonRowProps) {
  const under = [person.guest ? '' : organisationOf(person), said].filter(Boolean).join(', ')
  return (
    <li className={styles['person']}>
      <Avatar face={faceOf(person)} size="m" />
      <span className={styles['personText']}>
        <b>{person.name}{person.guest && <span> {guestMark(person)}</span>}</b>
        {under && <span>{under}</span>}
      </span>
      {person.moderates.includes(community) && <span className={styles['tag']}><Trans>moderator</Trans></span>}
    </li>
  )
}
