/** The reply box: the next bead on the thread. Its draft is kept; why one may not write is said. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useCallback, useEffect, useRef, useState, type FormEvent, type Ref, type RefObject } from 'react'

import { LEAVING } from '../../mx/leaving'
import type { ConversationKey, Message, UserId } from '../../mx/model'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { classes } from '../../ui/classes'
import { useAct, useView, useViewNow } from '../client'
import { faceOf, fullName } from '../names'
import { whyNot } from '../words'
import { mentioned, named } from '../writing/mentions'
import type { PendingFile } from '../writing/PendingFiles'
import { ReadersLine } from '../writing/ReadersLine'
import { usePeopleOf } from '../writing/usePeopleOf'
import { WriteBox, type WriteHandle } from '../writing/WriteBox'
import styles from './ReplyBox.module.css'

const KEEP_AFTER = 500

interface ReplyBoxProps {
  readonly conversation: ConversationKey
  readonly label: string
  readonly placeholder: string
  /** The thread above is red: something is new. */
  readonly isNew: boolean
  readonly quoting: Message | null
  readonly onQuoted: () => void
  readonly onSent: () => void
  readonly onEscape: () => void
  readonly onEditLast: () => void
  readonly ref?: Ref<WriteHandle>
}

export function ReplyBox(props: ReplyBoxProps) {
  const mayNot = useView((view) => view.mayNotWrite(props.conversation))
  if (mayNot !== null) return <p className={styles['closed']}><Icon name="lock" />{whyNot(mayNot)}</p>
  return <OpenReplyBox {...props} />
}

type Chosen = RefObject<Map<UserId, string>>

/** The text, how it is changed, whether what is shown is kept, and who was chosen for it, with their names. */
function useDraft(conversation: ConversationKey): readonly [string, (text: string) => void, boolean, Chosen] {
  const act = useAct()
  const view = useViewNow()
  const [before] = useState(() => view.draft(conversation))
  const [text, setText] = useState(before.text)
  const chosen = useRef(new Map(before.named))
  const [kept, setKept] = useState(text !== '')
  const latest = useRef({ text, kept: text })
  const keep = useCallback((now: string) => {
    if (now === latest.current.kept) return
    latest.current.kept = now
    act.saveDraft(conversation, { text: now, named: named(now, chosen.current) })
    setKept(now !== '')
  }, [act, conversation])
  useEffect(() => {
    const timer = setTimeout(() => keep(text), KEEP_AFTER)
    return () => clearTimeout(timer)
  }, [text, keep])
  useEffect(() => {
    const leave = (): void => keep(latest.current.text)
    addEventListener('pagehide', leave)
    addEventListener(LEAVING, leave)
    return () => {
      removeEventListener('pagehide', leave)
      removeEventListener(LEAVING, leave)
      leave()
    }
  }, [keep])
  const change = useCallback((next: string) => {
    latest.current.text = next
    setKept(false)
    setText(next)
  }, [])
  return [text, change, kept, chosen]
}

function OpenReplyBox({ conversation, label, placeholder, isNew, quoting, onQuoted, onSent, onEscape, onEditLast, ref }: ReplyBoxProps) {
  const act = useAct()
  const me = useView((view) => view.me())
  const [text, setText, kept, chosen] = useDraft(conversation)
  const [files, setFiles] = useState<readonly PendingFile[]>([])
  const people = usePeopleOf(conversation)
  const empty = text.trim() === '' && files.length === 0
  const send = (): void => {
    if (empty) return
    for (const { file, alt } of files) act.sendFile(conversation, file, alt.trim() || null)
    if (text.trim() !== '') {
      act.send(conversation, {
        text: text.trim(), mentions: mentioned(text, chosen.current), ...(quoting ? { quoting: quoting.id } : {}),
      })
    }
    setText('')
    setFiles([])
    chosen.current.clear()
    onQuoted()
    onSent()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    send()
  }
  return (
    <form className={classes(styles['composer'], isNew && styles['isNew'])} aria-label={label} data-draft onSubmit={submit}>
      <span className={styles['bead']}><Avatar face={faceOf(me)} /></span>
      <div>
        <div className={styles['box']}>
          {quoting && <Quoting message={quoting} onClose={onQuoted} />}
          <WriteBox
            ref={ref} label={label} placeholder={placeholder} text={text} onText={setText} people={people} files={files} onFiles={setFiles}
            onNamed={(person) => chosen.current.set(person.id, person.name)} onSubmit={send} onArrowUpEmpty={onEditLast}
            onEscape={() => {
              if (quoting) onQuoted()
              else onEscape()
            }}
            end={<Button type="submit" small look="primary" icon="send" className={styles['send']} aria-disabled={empty} aria-keyshortcuts="Control+Enter" title="Ctrl+Enter"><span><Trans>Send</Trans></span></Button>}
          />
        </div>
        <ReadersLine roomId={conversation.roomId} said={kept && text !== '' && <Trans>Kladden er gemt</Trans>} />
      </div>
    </form>
  )
}

function Quoting({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const sender = useView((view) => view.person(message.sender))
  return (
    <div className={styles['quoting']}>
      <Icon name="reply" />
      <p><b>{fullName(sender)}:</b> {message.text || message.attachment?.name}</p>
      <Button small icon="x" label={t`Svar uden at citere`} onClick={onClose} />
    </div>
  )
}
