/** One's own message, open for change: Ctrl+Enter saves, Escape leaves it as it was. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'

import { Button } from '../../ui/Button'
import styles from './Message.module.css'

interface EditBoxProps {
  readonly text: string
  readonly onSave: (text: string) => Promise<void>
  readonly onClose: () => void
}

export function EditBox({ text: before, onSave, onClose }: EditBoxProps) {
  const [text, setText] = useState(before)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    field.current?.focus()
    field.current?.setSelectionRange(before.length, before.length)
  }, [before])
  const save = async (): Promise<void> => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    try {
      if (text.trim() !== before.trim()) await onSave(text.trim())
      onClose()
    } catch {
      setBusy(false)
    }
  }
  return (
    <div className={styles['edit']}>
      <textarea
        ref={field} rows={2} value={text} aria-label={t`Ret beskeden`} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            onClose()
          } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            void save()
          }
        }}
      />
      <div className={styles['editActs']}>
        <Button small onClick={onClose}><Trans>Fortryd</Trans></Button>
        <Button small look="second" busy={busy} disabled={text.trim() === ''} onClick={() => void save()}><Trans>Gem</Trans></Button>
      </div>
    </div>
  )
}
