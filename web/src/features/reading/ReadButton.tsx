/** On a row of a list: marks its conversation read without opening it. There while something in it is unread. */
import { t } from '@lingui/core/macro'
import type { MouseEvent } from 'react'

import type { ConversationKey } from '../../mx/model'
import { Button } from '../../ui/Button'
import { useToast } from '../../ui/Toast'
import { useAct } from '../client'

interface ReadButtonProps {
  readonly conversation: ConversationKey
  /** What the row is called. */
  readonly name: string
  readonly className: string | undefined
}

export function ReadButton({ conversation, name, className }: ReadButtonProps) {
  const act = useAct()
  const say = useToast()
  const read = ({ currentTarget }: MouseEvent<HTMLButtonElement>): void => {
    // The button goes; one stays on the row.
    currentTarget.closest('[data-item]')?.querySelector<HTMLElement>('[data-row]')?.focus()
    act.markRead(conversation).catch(() => say(t`Det blev ikke gemt. Prøv igen.`))
  }
  return <Button small data-read icon="check" label={t`Markér ${name} som læst`} aria-keyshortcuts="e" className={className} onClick={read} />
}

/** The key for it: presses the button of the row one stands on. */
export function readRow(): void {
  document.activeElement?.closest('[data-item]')?.querySelector<HTMLElement>('[data-read]')?.click()
}
