/** What one can do with a message, as a menu: the same behind the three dots and on a long press. */
import { t } from '@lingui/core/macro'

import type { Message } from '../../mx/model'
import type { MenuItem } from '../../ui/Menu'
import type { MessageDeeds } from './acting'

export interface Allowed {
  readonly mine: boolean
  readonly mayWrite: boolean
  /** Moderators remove what others wrote. */
  readonly mayRemove: boolean
}

export function mayEdit(message: Message, { mine, mayWrite }: Allowed): boolean {
  return mine && mayWrite && message.state === 'sent' && !message.deleted && message.attachment === null
}

export function menuFor(message: Message, allowed: Allowed, deeds: MessageDeeds, everything: boolean): readonly MenuItem[] {
  const items: MenuItem[] = []
  if (everything && allowed.mayWrite) {
    items.push({ id: 'react', icon: 'smile', label: t`Reager`, onChoose: () => deeds.begin('pick', message) })
    items.push({ id: 'answer', icon: 'reply', label: t`Svar på beskeden`, onChoose: () => deeds.answer(message) })
  }
  if (everything) items.push({ id: 'link', icon: 'link', label: t`Kopiér link`, onChoose: () => deeds.copyLink(message) })
  if (mayEdit(message, allowed)) {
    items.push({ id: 'edit', icon: 'pen', label: t`Ret`, shortcut: 'e', onChoose: () => deeds.begin('edit', message) })
  }
  if (allowed.mine || allowed.mayRemove) {
    items.push({ id: 'delete', icon: 'trash', label: t`Slet …`, danger: true, onChoose: () => deeds.begin('delete', message) })
  }
  return items
}
