/** The strip that says how the connection is, and that the session is over. */
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'

import { Button } from '../ui/Button'
import { Strip } from '../ui/Strip'
import { useAct, useView } from './client'

export function ConnectionStrip() {
  const act = useAct()
  const connection = useView((view) => view.connection())
  // The first connection shows the page's own bars; the strip is for one that was lost.
  const [wasLive, setWasLive] = useState(false)
  if (connection === 'live' && !wasLive) setWasLive(true)
  if (connection === 'signed-out') {
    return (
      <Strip warn icon="lock" acts={<Button small look="second" onClick={() => act.signInAgain()}><Trans>Log ind igen</Trans></Button>}>
        <Trans><b>Du er blevet logget ud.</b> Du kan læse det, der er hentet. Dine kladder er gemt.</Trans>
      </Strip>
    )
  }
  if (connection === 'offline') {
    return <Strip warn><Trans><b>Du er uden net.</b> Du kan læse videre. Det, du skriver, bliver sendt, når nettet er tilbage.</Trans></Strip>
  }
  if (connection === 'behind' || (connection === 'connecting' && wasLive)) {
    return <Strip><b><Trans>Forbinder igen …</Trans></b></Strip>
  }
  return null
}

