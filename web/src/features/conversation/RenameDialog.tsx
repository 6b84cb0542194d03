/** Gives a topic another name; links to it go on working. Fetched when it is needed. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState, type FormEvent } from 'react'

import type { Topic } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Dialog, DialogActs, DialogField } from '../../ui/Dialog'
import { sameName } from '../channel/filters'
import { NAME_LENGTH } from '../channel/NewTopic'
import { useAct, useViewNow } from '../client'
import { topicName } from '../names'

export default function RenameDialog({ topic, onClose }: { readonly topic: Topic; readonly onClose: () => void }) {
  const act = useAct()
  const view = useViewNow()
  const [name, setName] = useState(topicName(topic))
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const rename = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wanted = name.trim().replace(/\s+/g, ' ')
    if (wanted === '') {
      setError(t`Giv emnet et navn, så andre kan finde det.`)
      return
    }
    if (sameName(view.topics(topic.roomId) ?? [], wanted, topic.root)) {
      setError(t`Kanalen har allerede et emne, der hedder sådan.`)
      return
    }
    setBusy(true)
    try {
      if (wanted !== topic.name || !topic.named) await act.rename(topic.roomId, topic.root, wanted)
      onClose()
    } catch {
      setBusy(false)
      setError(t`Navnet blev ikke gemt. Prøv igen.`)
    }
  }
  return (
    <Dialog title={t`Omdøb emnet`} onClose={onClose}>
      <form onSubmit={(event) => void rename(event)}>
        <p><Trans>Alle i kanalen ser det nye navn. Links til emnet virker stadig.</Trans></p>
        <DialogField
          label={t`Emnets navn`} value={name} maxLength={NAME_LENGTH} error={error} onChange={(next) => {
            setName(next)
            setError(null)
          }}
        />
        <DialogActs>
          <Button onClick={onClose}><Trans>Fortryd</Trans></Button>
          <Button type="submit" look="primary" busy={busy}><Trans>Omdøb</Trans></Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
