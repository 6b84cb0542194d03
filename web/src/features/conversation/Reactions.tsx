/** Reactions under a message: pressing one adds or takes back one's own. */
import { useLingui } from '@lingui/react'
import { t } from '@lingui/core/macro'

import type { Message } from '../../mx/model'
import { Icon } from '../../ui/Icon'
import { classes } from '../../ui/classes'
import { useWholeView } from '../client'
import { fullName } from '../names'
import { number } from '../time'
import { emojiName } from '../writing/emoji'
import styles from './Message.module.css'

interface ReactionsProps {
  readonly message: Message
  readonly onToggle: (emoji: string) => void
  readonly onPick: () => void
}

export function Reactions({ message, onToggle, onPick }: ReactionsProps) {
  const { i18n } = useLingui()
  const view = useWholeView()
  return (
    <ul className={styles['reacts']} role="list" aria-label={t`Reaktioner`}>
      {message.reactions.map(({ emoji, people, mine }) => {
        const known = emojiName(emoji)
        const name = known ? i18n._(known) : emoji
        const count = number(people.length)
        const names = people.slice(0, 10).map((id) => fullName(view.person(id))).join(', ')
        return (
          <li key={emoji}>
            <button
              type="button" className={styles['react']} aria-pressed={mine} title={`${name}: ${names}`}
              aria-label={mine ? t`${name}: ${count}, også dig` : `${name}: ${count}`} onClick={() => onToggle(emoji)}
            >
              <span aria-hidden="true">{emoji}</span>
              <span>{count}</span>
            </button>
          </li>
        )
      })}
      <li>
        <button data-picks type="button" className={classes(styles['react'], styles['reactAdd'])} aria-label={t`Giv en reaktion`} title={t`Giv en reaktion`} onClick={onPick}>
          <Icon name="smile" />
        </button>
      </li>
    </ul>
  )
}
