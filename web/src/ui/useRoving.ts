/**
 * One tab stop for a list, arrows inside (WAI-ARIA APG, "Managing focus within components").
 * Rows carry `data-row`; exactly one of them has tabindex 0. What is inside a row follows its row, and so does what
 * stands beside it in an element with `data-item`.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

const ROW = '[data-row]'
const INSIDE = 'a[href], button, input, textarea, [tabindex]'
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }

function rows(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(ROW)]
}

function mark(all: readonly HTMLElement[], current: HTMLElement): void {
  for (const row of all) {
    const stop = row === current ? 0 : -1
    row.tabIndex = stop
    for (const inner of (row.closest('[data-item]') ?? row).querySelectorAll<HTMLElement>(INSIDE)) inner.tabIndex = stop
  }
}

function moveIn(list: HTMLElement, by: number): void {
  const all = rows(list)
  const stop = all.find((row) => row.tabIndex === 0)
  const at = stop ? all.indexOf(stop) : -1
  const inside = list.contains(document.activeElement)
  const to = all[Math.min(all.length - 1, Math.max(0, inside ? at + by : at))]
  to?.focus()
  to?.scrollIntoView({ block: 'nearest' })
}

/** Moves the focus by so many rows; the first time it lands on the row that is the tab stop. */
export type Move = (by: number) => void

/**
 * Args:
 *   start: which row is the tab stop before anything was focused.
 */
export function useRoving<Element extends HTMLElement>(start: 'first' | 'last' = 'first'): readonly [RefObject<Element | null>, Move] {
  const ref = useRef<Element>(null)
  const current = useRef<HTMLElement | null>(null)
  /** Where it stands among the rows. */
  const place = useRef(0)

  // After each render: rows come and go, and the tab stop must be one that is there.
  useLayoutEffect(() => {
    const list = ref.current
    if (!list) return
    const all = rows(list)
    const kept = current.current && all.includes(current.current) ? current.current : null
    // Who stood on a row that has gone stands on the one that took its place.
    const lost = current.current !== null && kept === null && document.activeElement === document.body
    const next = lost ? all[Math.min(place.current, all.length - 1)] : undefined
    const chosen = kept ?? next ?? all.find((row) => row.hasAttribute('aria-current')) ?? all.at(start === 'first' ? 0 : -1)
    current.current = kept
    if (!chosen) return
    mark(all, chosen)
    place.current = all.indexOf(chosen)
    next?.focus()
  })

  // The list may come later than the view around it: looked for after each render, listened to once.
  const heard = useRef<AbortController>(null)
  const list = useRef<Element>(null)
  useEffect(() => {
    if (list.current === ref.current) return
    heard.current?.abort()
    list.current = ref.current
    if (!ref.current) return
    const element = ref.current
    heard.current = new AbortController()
    const { signal } = heard.current
    element.addEventListener('focusin', (event) => {
      const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(ROW) : null
      if (!row || row === current.current) return
      const all = rows(element)
      current.current = row
      place.current = all.indexOf(row)
      mark(all, row)
    }, { signal })
    element.addEventListener('keydown', (event) => {
      const by = STEPS[event.key]
      if (by === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [role=menu]')) return
      event.preventDefault()
      moveIn(element, by)
    }, { signal })
  })
  useEffect(() => () => heard.current?.abort(), [])

  const move = useCallback<Move>((by) => {
    if (ref.current) moveIn(ref.current, by)
  }, [])
  return [ref, move]
}
