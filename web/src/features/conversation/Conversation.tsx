/** What a topic, Uden emne and a private chat have in common: messages, a reply box, and what one does with them. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { lazy, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

import type { ConversationKey, EventId, Message, Timeline as TimelineData } from '../../mx/model'
import { makeLink, type Link } from '../../mx/links'
import { Blank } from '../../ui/Blank'
import { Button } from '../../ui/Button'
import { useToast } from '../../ui/Toast'
import { useRoving } from '../../ui/useRoving'
import { useAct, useView, useViewNow } from '../client'
import { Failure } from '../Failure'
import { useKeys } from '../keys/keys'
import { fullName } from '../names'
import { THUMB } from '../writing/emoji'
import type { WriteHandle } from '../writing/WriteBox'
import { DeedsContext, type Acting, type MessageDeeds } from './acting'
import { mayEdit } from './messageMenu'
import { ReplyBox } from './ReplyBox'
import { Timeline } from './Timeline'
import styles from './Timeline.module.css'
import { useReading } from './useReading'

const MessageDialogs = lazy(() => import('./MessageDialogs'))

interface ConversationProps {
  readonly conversation: ConversationKey
  /** The message a link points at. */
  readonly event: EventId | null
  /** Address of one message of it. */
  readonly linkTo: (event: EventId) => Link
  /** Slug of the community it is in. */
  readonly community: string | null
  readonly moderator: boolean
  readonly label: string
  readonly placeholder: string
  readonly onLeave: () => void
}

const messages = (timeline: TimelineData): readonly Message[] =>
  timeline.items.flatMap((item) => (item.type === 'message' ? [item.message] : []))

export function Conversation({ conversation, event, linkTo, community, moderator, label, placeholder, onLeave }: ConversationProps) {
  const act = useAct()
  const view = useViewNow()
  const say = useToast()
  const timeline = useView((known) => known.timeline(conversation))
  const mayWrite = useView((known) => known.mayNotWrite(conversation) === null)
  const me = useView((known) => known.me().id)
  const [acting, setActing] = useState<Acting | null>(null)
  const [quoting, setQuoting] = useState<Message | null>(null)
  const [answered, setAnswered] = useState(false)
  const write = useRef<WriteHandle>(null)
  const [list, move] = useRoving<HTMLDivElement>('last')
  const opened = useRef<ConversationKey>(null)
  const [loaded, setLoaded] = useState(false)
  const lost = useCallback(() => say(t`Beskeden er her ikke længere, eller den ligger for langt tilbage`), [say])
  const reading = useReading(conversation, timeline, event, loaded, lost)
  const open = useCallback(() => {
    act.openConversation(conversation).then(() => setLoaded(true), () => undefined)
  }, [act, conversation])
  useEffect(() => {
    if (opened.current === conversation) return
    opened.current = conversation
    open()
  }, [conversation, open])

  const latest = useRef({ linkTo, show: reading.show })
  useLayoutEffect(() => {
    latest.current = { linkTo, show: reading.show }
  })
  const deeds = useMemo<MessageDeeds>(() => {
    const failed = (sentence: string) => (): void => say(sentence)
    return {
      begin: (deed, message) => setActing({ deed, id: message.id }),
      end: () => setActing(null),
      react: (message, emoji) => {
        act.toggleReaction(conversation, message.id, emoji).catch(failed(t`Reaktionen blev ikke gemt. Prøv igen.`))
      },
      answer: (message) => {
        setQuoting(message)
        write.current?.focus()
      },
      copyLink: (message) => {
        const address = `${location.origin}/${makeLink(latest.current.linkTo(message.id))}`
        navigator.clipboard.writeText(address).then(() => say(t`Linket er kopieret`), failed(t`Browseren lod os ikke kopiere`))
      },
      save: async (message, text) => {
        try {
          await act.edit(conversation, message.id, text)
        } catch (error) {
          say(t`Rettelsen blev ikke gemt. Prøv igen.`)
          throw error
        }
      },
      retry: (message) => act.retry(conversation, message.id),
      discard: (message) => act.discard(conversation, message.id),
      show: (id) => latest.current.show(id),
    }
  }, [act, conversation, say])

  /** The message the keys work on: the one in focus, else the newest. */
  const chosen = (): Message | undefined => {
    const id = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message']
    const all = messages(view.timeline(conversation)).filter((message) => message.state === 'sent' && !message.deleted)
    return all.find((message) => message.id === id) ?? all.at(-1)
  }
  const editLast = (): void => {
    const all = messages(view.timeline(conversation))
    const focused = chosen()
    const allowed = { mine: true, mayWrite, mayRemove: moderator }
    const own = (message: Message): boolean => message.sender === me && mayEdit(message, allowed)
    const message = focused && document.activeElement?.closest('[data-message]') ? focused : all.findLast(own)
    if (message && own(message)) setActing({ deed: 'edit', id: message.id })
  }
  const answer = (): void => write.current?.focus()
  useKeys({
    'j': () => move(1), 'ArrowDown': () => move(1), 'k': () => move(-1), 'ArrowUp': () => move(-1),
    'Escape': onLeave,
    ...(mayWrite
      ? {
          'r': answer, 'Enter': answer, 'e': editLast,
          '>': () => {
            const message = chosen()
            if (message) deeds.answer(message)
          },
          '+': () => {
            const message = chosen()
            if (message) deeds.react(message, THUMB)
          },
          ':': () => {
            const message = chosen()
            if (message) deeds.begin('pick', message)
          },
        }
      : {}),
  })

  const about = acting && (acting.deed === 'delete' || acting.deed === 'menu')
    ? messages(timeline).find((message) => message.id === acting.id)
    : undefined
  const empty = emptiness(timeline, loaded)
  const fresh = timeline.firstUnread !== null && !answered
  return (
    <DeedsContext value={deeds}>
      <div className={styles['frame']}>
        {!empty && (
          <Timeline
            timeline={timeline} community={community} mayWrite={mayWrite} mayRemove={moderator} acting={acting} pointed={reading.pointed}
            answered={answered} scroll={reading.scroll} onScroll={reading.onScroll} list={list}
          />
        )}
        {empty === 'failed' && (
          <Blank icon="warn" title={t`Vi kunne ikke hente beskederne`} alert acts={<Button look="second" icon="refresh" onClick={open}><Trans>Prøv igen</Trans></Button>}>
            <Trans>Det kan være nettet. Intet, du har skrevet, er gået tabt.</Trans>
          </Blank>
        )}
        {empty === 'unwritten' && <Blank icon="bubble" title={t`Ingen har skrevet her endnu`} />}
        {!reading.atEnd && <Button small look="second" icon="chev-d" className={styles['jump']} onClick={reading.toEnd}><Trans>Til det nyeste</Trans></Button>}
      </div>
      <NewAloud timeline={timeline} />
      <ReplyBox
        ref={write} conversation={conversation} label={label} placeholder={placeholder} isNew={fresh} quoting={quoting} onEditLast={editLast}
        onQuoted={() => setQuoting(null)} onEscape={() => move(0)}
        onSent={() => {
          setAnswered(true)
          reading.toEnd()
        }}
      />
      {about && acting && (
        <Failure at={acting.id} onClose={deeds.end}>
          <MessageDialogs
            message={about} deed={acting.deed} allowed={{ mine: about.sender === me, mayWrite, mayRemove: moderator }} onClose={deeds.end}
            onRemove={() => act.remove(conversation, about.id).catch(() => say(t`Beskeden blev ikke slettet. Prøv igen.`))}
          />
        </Failure>
      )}
    </DeedsContext>
  )
}

/** Why there is nothing to show; null while there is something, or while it may yet come. */
function emptiness({ items, loading, failed }: TimelineData, loaded: boolean): 'failed' | 'unwritten' | null {
  if (items.length > 0) return null
  if (failed) return 'failed'
  return loaded && !loading ? 'unwritten' : null
}

/** Messages that come while one is here are read aloud; what was deleted since is not left standing. */
function NewAloud({ timeline }: { readonly timeline: TimelineData }) {
  const view = useViewNow()
  const [came, setCame] = useState<string | null>(null)
  const known = useRef<string | null>(null)
  const all = messages(timeline)
  const last = all.at(-1)
  useEffect(() => {
    if (!last) return
    const before = known.current
    known.current = last.id
    if (before === null || before === last.id || last.sender === view.me().id) return
    setCame(last.id)
  }, [known, last, view])
  const message = all.find((one) => one.id === came && !one.deleted)
  return <p className="vh" role="log" aria-live="polite">{message && `${fullName(view.person(message.sender))}: ${message.text}`}</p>
}
