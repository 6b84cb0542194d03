/** What one person chose on this device: theme, language, whether single letters do something, what is unfolded. */
import { useSyncExternalStore } from 'react'

import type { UserId } from '../../mx/model'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'da' | 'en'

export interface Preferences {
  /** Whose they are; null: nobody has been signed in here yet. */
  readonly of: UserId | null
  readonly theme: Theme
  /** Null: as the person's account says. */
  readonly language: Language | null
  /** WCAG 2.1.4: keys without a modifier can be switched off. */
  readonly singleKeys: boolean
  /** Communities that show their channels in the side; null until one of them was opened or folded. */
  readonly unfolded: readonly string[] | null
  /** The panel stands beside the page where there is room for it. */
  readonly panel: boolean
}

const KEY = 'samtale.preferences'
const STANDARD: Preferences = { of: null, theme: 'system', language: null, singleKeys: true, unfolded: null, panel: true }

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return STANDARD
    const from = stored as Partial<Record<keyof Preferences, unknown>>
    return {
      of: typeof from.of === 'string' ? from.of : null,
      theme: from.theme === 'light' || from.theme === 'dark' ? from.theme : 'system',
      language: from.language === 'da' || from.language === 'en' ? from.language : null,
      singleKeys: from.singleKeys !== false,
      panel: from.panel !== false,
      unfolded: Array.isArray(from.unfolded) ? from.unfolded.filter((slug) => typeof slug === 'string') : null,
    }
  } catch {
    return STANDARD
  }
}

let current = read()
const listeners = new Set<() => void>()

function applyTheme(): void {
  if (current.theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = current.theme
}

applyTheme()

export function preferences(): Preferences {
  return current
}

export function prefer(changed: Partial<Preferences>): void {
  current = { ...current, ...changed }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // Storage is full or closed to us: the choice holds until the page is left.
  }
  applyTheme()
  for (const listener of listeners) listener()
}

/** What another person preferred in this browser is not for this one. */
export function preferAs(person: UserId): void {
  if (current.of !== person) prefer({ ...STANDARD, of: person })
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    preferences,
  )
}
