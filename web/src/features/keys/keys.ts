/**
 * Keyboard shortcuts. Views say what a key does while they are shown; the view that came last is
 * asked first. Nothing happens while someone writes, in a dialog or in a menu.
 */
import { useEffect, useLayoutEffect, useRef } from 'react'

import { preferences } from '../settings/preferences'

/** By the key as the keyboard gives it: 'n', 'M' (Shift+M), '>', 'Escape', 'ArrowDown'. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

const maps: { current: KeyMap }[] = []

function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (document.querySelector('dialog[open]') || (event.target instanceof HTMLElement && event.target.closest('[role=menu]'))) return
  if (writing(event.target) && event.key !== 'Escape') return
  // Single characters are what a speech user sets off by talking; named keys are not.
  if (event.key.length === 1 && !preferences().singleKeys) return
  // Enter on something one can press belongs to that thing.
  if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button, summary')) return
  for (const map of [...maps].reverse()) {
    const act = map.current[event.key]
    if (act) {
      event.preventDefault()
      act(event)
      return
    }
  }
}

export function useKeys(map: KeyMap): void {
  const held = useRef(map)
  useLayoutEffect(() => {
    held.current = map
  })
  useEffect(() => {
    if (maps.length === 0) addEventListener('keydown', onKeyDown)
    maps.push(held)
    return () => {
      maps.splice(maps.indexOf(held), 1)
      if (maps.length === 0) removeEventListener('keydown', onKeyDown)
    }
  }, [])
}
