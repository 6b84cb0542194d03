/** The form for a new topic: a name, the first message, who will be able to read it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useId, useRef, useState, type FormEvent } from 'react'

import type { ChannelAddress, RoomId } from '../../mx/model'
import { Button } from '../../ui/Button'
import { FieldError } from '../../ui/Dialog'
import { useToast } from '../../ui/Toast'
import { useAct, useViewNow } from '../client'
import { goTo } from '../route'
import { mentioned, named } from '../writing/mentions'
import type { PendingFile } from '../writing/PendingFiles'
import { ReadersLine } from '../writing/ReadersLine'
import { usePeopleOf } from '../writing/usePeopleOf'
import { WriteBox, type WriteHandle } from '../writing/WriteBox'
import { begunTopics } from './begun'
import { sameName } from './filters'
import styles from './NewTopic.module.css'

export const NAME_LENGTH = 60

interface NewTopicProps {
  readonly roomId: RoomId
  readonly address: ChannelAddress
  readonly onClose: () => void
}

export function NewTopic({ roomId, address, onClose }: NewTopicProps) {
  const act = useAct()
  const view = useViewNow()
  const begun = begunTopics(view.me().id)
  const [name, setName] = useState(begun.get(roomId)?.name ?? '')
  const [text, setText] = useState(begun.get(roomId)?.text ?? '')
  const [files, setFiles] = useState<readonly PendingFile[]>([])
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const chosen = useRef(new Map(begun.get(roomId)?.named))
  const nameField = useRef<HTMLInputElement>(null)
  const write = useRef<WriteHandle>(null)
  const said = useId()
  const here = useRef(true)
  const say = useToast()
  const people = usePeopleOf({ roomId, root: null })
  useEffect(() => nameField.current?.focus(), [])
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  useEffect(() => {
    begun.set(roomId, { name, text, named: named(text, chosen.current) })
  }, [begun, roomId, name, text])

  const start = async (): Promise<void> => {
    const wanted = name.trim().replace(/\s+/g, ' ')
    if (wanted === '') {
      setError(t`Giv emnet et navn, så andre kan finde det.`)
      nameField.current?.focus()
      return
    }
    const taken = sameName(view.topics(roomId) ?? [], wanted)
    if (taken) {
      setError(t`Kanalen har allerede et emne, der hedder sådan. Skriv i det, eller vælg et andet navn.`)
      nameField.current?.focus()
      return
    }
    if (text.trim() === '') {
      setError(t`Skriv den første besked.`)
      write.current?.focus()
      return
    }
    setBusy(true)
    const words = begun.get(roomId)
    // On its way: it must not stand here to be started once more by somebody who comes back meanwhile.
    begun.delete(roomId)
    try {
      const message = { text: text.trim(), mentions: mentioned(text, chosen.current) }
      const root = await act.startTopic(roomId, wanted, message, files.map(({ file, alt }) => ({ file, alt: alt.trim() || null })))
      // Without a network it may have taken long: whoever has gone on is not pulled back.
      if (!here.current) return
      begun.delete(roomId)
      onClose()
      goTo({ place: 'conversation', address, root, event: null })
    } catch {
      if (words && !begun.has(roomId)) begun.set(roomId, words)
      const sentence = t`Emnet blev ikke startet. Din tekst er her endnu; prøv igen.`
      if (!here.current) return say(sentence)
      setBusy(false)
      setError(sentence)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!busy) void start()
  }
  return (
    <form className={styles['form']} aria-label={t`Nyt emne`} onSubmit={submit}>
      <div className={styles['head']}>
        <input
          ref={nameField} className={styles['name']} maxLength={NAME_LENGTH} placeholder={t`Hvad handler det om?`} aria-label={t`Emnets navn`}
          value={name} autoComplete="off" aria-invalid={error && name.trim() === '' ? true : undefined} aria-describedby={error ? said : undefined}
          onChange={(event) => {
            setName(event.target.value)
            setError(null)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation()
              onClose()
            } else if (event.key === 'Enter' && !event.ctrlKey) {
              event.preventDefault()
              write.current?.focus()
            } else if (event.key === 'Enter') {
              event.preventDefault()
              if (!busy) void start()
            }
          }}
        />
        <Button icon="x" label={t`Luk`} onClick={onClose} />
      </div>
      {error && <div className={styles['error']}><FieldError id={said} text={error} /></div>}
      <div className={styles['write']}>
        <WriteBox
          ref={write} label={t`Din besked`} placeholder={t`Skriv den første besked …`} text={text} people={people}
          onText={(next) => {
            setText(next)
            setError(null)
          }}
          onNamed={(person) => chosen.current.set(person.id, person.name)} files={files} onFiles={setFiles} onEscape={onClose}
          onSubmit={() => { if (!busy) void start() }}
          end={<Button type="submit" look="primary" small busy={busy}><Trans>Start emnet</Trans></Button>}
        />
      </div>
      <ReadersLine roomId={roomId} className={styles['readers']} said={<Trans>Højst {NAME_LENGTH} tegn i navnet</Trans>} />
    </form>
  )
}

