/** One message on the thread: who, when, what, reactions, and what one can do with it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { memo, useRef, useState } from 'react'

import type { Message } from '../../mx/model'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { Menu } from '../../ui/Menu'
import { alongBar } from '../../ui/alongBar'
import { opensUp } from '../../ui/opensUp'
import { classes } from '../../ui/classes'
import { useView } from '../client'
import { faceOf, fullName, guestMark, organisationOf } from '../names'
import { clock, machineTime, wholeTime } from '../time'
import { whyFailed } from '../words'
import { EmojiPicker } from '../writing/EmojiPicker'
import { useDeeds, type Deed } from './acting'
import { AttachmentView } from './Attachment'
import { EditBox } from './EditBox'
import styles from './Message.module.css'
import { menuFor } from './messageMenu'
import { Reactions } from './Reactions'
import { RichText } from './RichText'
import { UploadBar } from './UploadBar'
import { useLongPress } from './useLongPress'

/** One element for all, so that a text is not put together anew. */
const EDITED = <span className={styles['edited']}><Trans>(redigeret)</Trans></span>

interface MessageViewProps {
  readonly message: Message
  readonly continued: boolean
  /** What is going on with this message. */
  readonly deed: Deed | null
  /** Slug of the community, to tell its moderators. */
  readonly community: string | null
  readonly mayWrite: boolean
  readonly mayRemove: boolean
  /** A link led here. */
  readonly pointed: boolean
}

export const MessageView = memo(function MessageView(props: MessageViewProps) {
  const { message, continued, deed, community, mayWrite, mayRemove, pointed } = props
  const deeds = useDeeds()
  const sender = useView((view) => view.person(message.sender))
  const me = useView((view) => view.me().id)
  const [near, setNear] = useState(false)
  const [menu, setMenu] = useState(false)
  const article = useRef<HTMLElement>(null)
  const press = useLongPress(() => deeds.begin('menu', message))
  const pick = (): void => (deed === 'pick' ? deeds.end() : deeds.begin('pick', message))
  const mine = message.sender === me
  const at = clock(message.at)
  const live = message.state === 'sent' && !message.deleted
  const active = live && (near || menu || deed === 'pick')
  const showActs = active && deed !== 'edit'
  const spoken = t`${fullName(sender)}, kl. ${at}`
  return (
    // Being near or held only shows what one can do; each of those things is a button of its own.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      {...press} ref={article} data-row data-message={message.id} aria-label={spoken} tabIndex={-1}
      className={classes(styles['message'], continued && styles['continued'], (menu || deed === 'pick') && styles['held'], pointed && styles['pointed'])}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setNear(true)} onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setNear(false)
      }}
    >
      <span className={classes(styles['bead'], sender.guest && styles['guestBead'])}>
        {!continued && <Avatar face={faceOf(sender)} />}
      </span>
      <div className={styles['body']}>
        {!continued && (
          <header className={styles['head']}>
            <b className={styles['name']}>{sender.name}</b>
            {sender.guest
              ? <span className={styles['guest']}>{guestMark(sender)}</span>
              : <span className={styles['org']}>{organisationOf(sender)}</span>}
            {community !== null && sender.moderates.includes(community) && <span className={styles['tag']}><Trans>moderator</Trans></span>}
            <time dateTime={machineTime(message.at)} title={wholeTime(message.at)}>{at}</time>
            <SendState message={message} />
          </header>
        )}
        <div className={styles['parts']}>
          {message.quoted && !message.deleted && <Quoted quoted={message.quoted} />}
          {message.deleted && <p className={styles['deleted']}><Trans>Beskeden er slettet</Trans></p>}
          {!message.deleted && deed === 'edit' && (
            <EditBox
              text={message.text} onSave={(text) => deeds.save(message, text)} onClose={() => {
                deeds.end()
                article.current?.focus()
              }}
            />
          )}
          {!message.deleted && deed !== 'edit' && message.attachment && (
            <AttachmentView
              attachment={message.attachment} sent={message.state === 'sent'}
              upload={message.state === 'sending' && message.attachment.mxc === '' && (
                <UploadBar id={message.id} name={message.attachment.name} onTakeBack={() => deeds.discard(message)} />
              )}
            />
          )}
          {!message.deleted && deed !== 'edit' && hasWords(message) && <RichText html={message.html} text={message.text} me={me} tail={message.edited ? EDITED : undefined} />}
          {continued && <SendState message={message} />}
          {message.state === 'failed' && (
            <p className={styles['failActs']}>
              <Button small look="second" icon="refresh" onClick={() => deeds.retry(message)}><Trans>Send igen</Trans></Button>
              <Button small onClick={() => deeds.discard(message)}><Trans>Slet</Trans></Button>
              <span className={styles['edited']}>{whyFailed(message.failure)}</span>
            </p>
          )}
          {live && message.reactions.length > 0 && (
            <Reactions message={message} onToggle={(emoji) => deeds.react(message, emoji)} onPick={pick} />
          )}
        </div>
      </div>
      {showActs && (
        // A toolbar takes the arrows of the buttons in it; the focus is always on one of those.
        // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
        <div className={styles['acts']} role="toolbar" aria-label={t`Handlinger for beskeden`} onKeyDown={alongBar}>
          {mayWrite && <Button data-picks small icon="smile" label={t`Reager`} aria-keyshortcuts=":" aria-expanded={deed === 'pick'} onClick={pick} />}
          {mayWrite && <Button small icon="reply" label={t`Svar på beskeden`} aria-keyshortcuts=">" onClick={() => deeds.answer(message)} />}
          <Button small icon="link" label={t`Kopiér link`} onClick={() => deeds.copyLink(message)} />
          {(mine || mayRemove) && (
            <Menu small icon="more" label={t`Flere handlinger`} items={menuFor(message, { mine, mayWrite, mayRemove }, deeds, false)} onOpen={setMenu} />
          )}
        </div>
      )}
      {deed === 'pick' && (
        <div ref={opensUp} className={styles['picker']}>
          <EmojiPicker
            onClose={(byKey) => {
              deeds.end()
              if (byKey) article.current?.focus()
            }}
            onPick={(emoji) => {
              deeds.end()
              deeds.react(message, emoji)
              article.current?.focus()
            }}
          />
        </div>
      )}
    </article>
  )
})

/** A file's name and a picture's description stand with the file already. */
function hasWords({ text, html, attachment }: Message): boolean {
  if (text === '' && html === null) return false
  return attachment === null || (text !== attachment.name && text !== attachment.alt)
}

function SendState({ message }: { readonly message: Message }) {
  const offline = useView((view) => view.connection() === 'offline')
  if (message.state === 'failed') return <span className={styles['failed']}><Icon name="warn" /><Trans>Ikke sendt</Trans></span>
  if (message.state === 'sent') return null
  return (
    <span className={styles['pending']}>
      <Icon name="clock" />
      {offline ? <Trans>Venter på net</Trans> : <Trans>Sender …</Trans>}
    </span>
  )
}

function Quoted({ quoted }: { readonly quoted: NonNullable<Message['quoted']> }) {
  const deeds = useDeeds()
  const sender = useView((view) => (quoted.sender ? view.person(quoted.sender) : null))
  return (
    <button type="button" className={styles['quoted']} title={t`Gå til beskeden`} onClick={() => deeds.show(quoted.id)}>
      {sender && <b>{fullName(sender)}</b>}
      <span>{quoted.text || <Trans>En tidligere besked</Trans>}</span>
    </button>
  )
}
