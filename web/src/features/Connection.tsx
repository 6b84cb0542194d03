/** The strip that says how the connection is, and the dialog when the session is over. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'

import { Button } from '../ui/Button'
import { Dialog, DialogActs } from '../ui/Dialog'
import { Strip } from '../ui/Strip'
import { useAct, useView } from './client'

export function ConnectionStrip() {
  const connection = useView((view) => view.connection())
  // The first connection shows the page's own bars; the strip is for one that was lost.
  const [wasLive, setWasLive] = useState(false)
  if (connection === 'live' && !wasLive) setWasLive(true)
  if (connection === 'offline') {
    return <Strip warn><Trans><b>Du er uden net.</b> Du kan læse videre. Det, du skriver, bliver sendt, når nettet er tilbage.</Trans></Strip>
  }
  if (connection === 'behind' || (connection === 'connecting' && wasLive)) {
    return <Strip><b><Trans>Forbinder igen …</Trans></b></Strip>
  }
  return null
}

export function SignedOutDialog() {
  const act = useAct()
  const over = useView((view) => view.connection()) === 'signed-out'
  if (!over) return null
  return (
    <Dialog title={t`Du er blevet logget ud`} onClose={() => undefined}>
      <p><Trans>Det sker, når du ikke har logget ind længe, eller når sessionen bliver lukket. Dine kladder er gemt.</Trans></p>
      <DialogActs>
        <Button look="primary" onClick={() => act.signInAgain()}><Trans>Log ind igen</Trans></Button>
      </DialogActs>
    </Dialog>
  )
}
