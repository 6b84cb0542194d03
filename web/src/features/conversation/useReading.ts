/**
 * Where one stands in the messages: starts at the first unread one (or the one a link points at), fetches
 * older ones as one scrolls up, and marks the conversation read once it has been seen.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

import type { ConversationKey, EventId, Timeline } from '../../mx/model'
import { useAct, useView } from '../client'

/** From this far above the top, in pixels, older messages are fetched. */
const NEAR_TOP = 600
/** Within this distance of the end the newest message is in view. */
const AT_END = 80
/** A link to an old message fetches at most this many times. */
const FETCHES = 20

export interface Reading {
  readonly scroll: RefObject<HTMLDivElement | null>
  readonly onScroll: () => void
  /** The newest message is in view. */
  readonly atEnd: boolean
  readonly toEnd: () => void
  readonly show: (id: string) => void
  /** The message to point out, for a moment. */
  readonly pointed: string | null
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState === 'visible')
  useEffect(() => {
    const changed = (): void => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }, [])
  return visible
}

function find(within: HTMLElement | null, id: string): HTMLElement | null {
  return within?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`) ?? null
}

/**
 * Args:
 *   event: the message a link points at.
 *   opened: the newest messages have been fetched.
 *   onLost: a message that was looked for is not there, or too far back.
 */
export function useReading(key: ConversationKey, timeline: Timeline, event: EventId | null, opened: boolean, onLost: () => void): Reading {
  const act = useAct()
  const scroll = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(event === null)
  const [pointed, setPointed] = useState<string | null>(null)
  const visible = useVisible()
  const unread = useView((view) => view.unread(key.roomId, key.root).count)
  const placed = useRef(false)
  const fetched = useRef(0)
  /** The message that is looked for: older ones are fetched until it is here. */
  const [sought, setSought] = useState<EventId | null>(event)
  const [linked, setLinked] = useState<EventId | null>(event)
  if (linked !== event) {
    setLinked(event)
    setSought(event)
  }
  const { items, hasOlder, loading, failed } = timeline
  const last = items.at(-1)
  const lastId = last && (last.type === 'message' ? last.message.id : last.notice.id)

  const older = useCallback(() => {
    if (hasOlder && !loading && !failed) act.loadOlder(key).catch(() => undefined)
  }, [act, key, hasOlder, loading, failed])

  const onScroll = useCallback(() => {
    const element = scroll.current
    if (!element) return
    // Reversed: 0 at the end, negative above it.
    const above = element.scrollHeight - element.clientHeight + element.scrollTop
    if (above < NEAR_TOP) older()
    setAtEnd(-element.scrollTop < AT_END)
  }, [older])

  const point = useCallback((element: HTMLElement, id: string) => {
    element.scrollIntoView({ block: 'center' })
    element.focus({ preventScroll: true })
    setPointed(id)
  }, [])

  // Once, when the first messages are there; and whenever a message is looked for.
  useLayoutEffect(() => {
    if (items.length === 0) return
    if (sought !== null) {
      const element = find(scroll.current, sought)
      const more = hasOlder && !failed && fetched.current < FETCHES
      if (element || (opened && !loading && !more)) {
        placed.current = true
        fetched.current = 0
        setSought(null)
        if (element) point(element, sought)
        else onLost()
      } else if (opened && !loading) {
        fetched.current += 1
        older()
      }
      return
    }
    if (placed.current) return
    placed.current = true
    const mark = scroll.current?.querySelector('[data-new]')
    if (mark && scroll.current && mark.getBoundingClientRect().top < scroll.current.getBoundingClientRect().top) {
      mark.scrollIntoView({ block: 'start' })
    }
  }, [items, sought, hasOlder, failed, loading, opened, older, point, onLost])

  // The first messages may not fill the page.
  useEffect(() => {
    if (items.length > 0 && event === null) onScroll()
  }, [items.length, event, onScroll])

  // Opening marks read; opening by a link to a message does not, until one has come to the end.
  useEffect(() => {
    if (!visible || unread === 0 || lastId === undefined) return
    // While messages are still coming the end is close by, and means nothing.
    const arrived = opened && !loading && sought === null
    const seen = scroll.current !== null && -scroll.current.scrollTop < AT_END
    if (event !== null && !(arrived && atEnd && seen)) return
    act.markRead(key).catch(() => undefined)
  }, [act, key, visible, unread, lastId, event, atEnd, opened, loading, sought])

  const toEnd = useCallback(() => {
    if (scroll.current) scroll.current.scrollTop = 0
  }, [])
  const show = useCallback((id: string) => {
    const element = find(scroll.current, id)
    if (element) point(element, id)
    else setSought(id)
  }, [point])
  return { scroll, onScroll, atEnd, toEnd, show, pointed }
}
