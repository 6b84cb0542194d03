/**
 * One tab stop for a list, arrows inside (WAI-ARIA APG, "Managing focus within components").
 * Rows carry `data-row`; exactly one of them has tabindex 0. What is inside a row follows its row.
 */
import { useCallback, useLayoutEffect, useRef, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'

const ROW = '[data-row]'
const INSIDE = 'a[href], button, input, textarea, [tabindex]'

function rows(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(ROW)]
}

function mark(all: readonly HTMLElement[], current: HTMLElement): void {
  for (const row of all) {
    const stop = row === current ? 0 : -1
    row.tabIndex = stop
    for (const inner of row.querySelectorAll<HTMLElement>(INSIDE)) inner.tabIndex = stop
  }
}

export interface Roving<Element extends HTMLElement> {
  readonly ref: RefObject<Element | null>
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onFocus: (event: FocusEvent) => void
  /** Moves the focus by so many rows; the first time it lands on the row that is the tab stop. */
  readonly move: (by: number) => void
}

interface RovingOptions {
  /** Which row is the tab stop before anything was focused. */
  readonly start?: 'first' | 'last'
}

export function useRoving<Element extends HTMLElement>({ start = 'first' }: RovingOptions = {}): Roving<Element> {
  const ref = useRef<Element>(null)
  const current = useRef<HTMLElement | null>(null)

  // After each render: rows come and go, and the tab stop must be one that is there.
  useLayoutEffect(() => {
    const list = ref.current
    if (!list) return
    const all = rows(list)
    const kept = current.current && all.includes(current.current) ? current.current : null
    const chosen = kept ?? all.find((row) => row.hasAttribute('aria-current')) ?? all.at(start === 'first' ? 0 : -1)
    if (chosen) mark(all, chosen)
  })

  const onFocus = useCallback((event: FocusEvent) => {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(ROW) : null
    if (!row || !ref.current?.contains(row) || row === current.current) return
    current.current = row
    mark(rows(ref.current), row)
  }, [])

  const move = useCallback((by: number) => {
    const list = ref.current
    if (!list) return
    const all = rows(list)
    const stop = all.find((row) => row.tabIndex === 0)
    const at = stop ? all.indexOf(stop) : -1
    const inside = list.contains(document.activeElement)
    const to = all[Math.min(all.length - 1, Math.max(0, inside ? at + by : at))]
    to?.focus()
    to?.scrollIntoView({ block: 'nearest' })
  }, [])

  const onKeyDown = useCallback((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key]
    if (by === undefined) return
    event.preventDefault()
    move(by)
  }, [move])

  return { ref, onKeyDown, onFocus, move }
}
