/** Whom the @ may mean: the top of the box one writes in. */
import { t } from '@lingui/core/macro'

import type { Person } from '../../mx/model'
import { Avatar } from '../../ui/Avatar'
import { faceOf, organisationOf } from '../names'
import { toldApart } from './mentions'
import styles from './WriteBox.module.css'

interface DockProps {
  readonly id: string
  readonly people: readonly Person[]
  readonly marked: number
  readonly onChoose: (person: Person) => void
}

export function Dock({ id, people, marked, onChoose }: DockProps) {
  return (
    <div className={styles['dock']} id={id} role="listbox" aria-label={t`Nævn en person`}>
      {people.map((person, index) => (
        // Focus stays in the field: the list is driven from there, and a click must not take it away.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={person.id} id={`${id}-${index}`} role="option" tabIndex={-1} aria-selected={index === marked}
          onPointerDown={(event) => event.preventDefault()} onClick={() => onChoose(person)}
        >
          <Avatar face={faceOf(person)} size="s" />
          <span className={styles['option']}><b>{toldApart(person)}</b><span>{person.guest ? '' : organisationOf(person)}</span></span>
          {index === marked && <kbd aria-hidden="true">Tab</kbd>}
        </div>
      ))}
    </div>
  )
}
