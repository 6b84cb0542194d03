/** What a message asks before it goes, and its menu on a phone. Fetched when it is needed. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import type { Message } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Dialog, DialogActs } from '../../ui/Dialog'
import { MenuItems } from '../../ui/Menu'
import { useDeeds, type Deed } from './acting'
import { menuFor, type Allowed } from './messageMenu'

interface MessageDialogsProps {
  readonly message: Message
  readonly deed: Deed
  readonly allowed: Allowed
  readonly onClose: () => void
  readonly onRemove: () => void
}

export default function MessageDialogs({ message, deed, allowed, onClose, onRemove }: MessageDialogsProps) {
  const deeds = useDeeds()
  if (deed === 'menu') {
    return (
      <Dialog title={t`Beskeden`} closeLabel={t`Luk`} sheet onClose={onClose}>
        <MenuItems label={t`Handlinger for beskeden`} items={menuFor(message, allowed, deeds, true)} onClose={onClose} />
      </Dialog>
    )
  }
  return (
    <Dialog title={t`Slet beskeden?`} onClose={onClose}>
      <p>{allowed.mine ? <Trans>Den forsvinder for alle og kan ikke hentes igen.</Trans> : <Trans>Den er skrevet af en anden. Den forsvinder for alle og kan ikke hentes igen.</Trans>}</p>
      <DialogActs>
        <Button onClick={onClose}><Trans>Fortryd</Trans></Button>
        <Button
          look="second" danger onClick={() => {
            onClose()
            onRemove()
          }}
        >
          <Trans>Slet beskeden</Trans>
        </Button>
      </DialogActs>
    </Dialog>
  )
}
