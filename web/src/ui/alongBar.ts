/** Left and right move along a toolbar (WAI-ARIA APG, "Toolbar"). */
import type { KeyboardEvent } from 'react'

export function alongBar(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(':scope > button, :scope > span > button')]
    // What a narrow page leaves out takes no focus.
    .filter((button) => button.checkVisibility?.() ?? true)
  const at = all.indexOf(event.target as HTMLElement)
  if (by === undefined || at < 0) return
  event.preventDefault()
  all[(at + by + all.length) % all.length]?.focus()
}
