/** A small grid of emoji: one tab stop, arrows inside, Escape closes. */
import { useLingui } from '@lingui/react'
import { t } from '@lingui/core/macro'
import { useEffect, useRef } from 'react'

import { EMOJI } from './emoji'
import styles from './EmojiPicker.module.css'

const COLUMNS = 6

interface EmojiPickerProps {
  readonly onPick: (char: string) => void
  /** `byKey`: the focus is in the grid, and is to go back to where it came from. */
  readonly onClose: (byKey: boolean) => void
}

export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const { i18n } = useLingui()
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = grid.current
    element?.querySelector('button')?.focus()
    const pressed = (event: KeyboardEvent): void => {
      const all = [...(element?.querySelectorAll('button') ?? [])]
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key]
      event.stopPropagation()
      if (event.key === 'Escape' || event.key === 'Tab') {
        event.preventDefault()
        onClose(true)
      } else if (by !== undefined) {
        event.preventDefault()
        all[all.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus()
      }
    }
    element?.addEventListener('keydown', pressed)
    const outside = (event: PointerEvent): void => {
      // A button that opens the grid also closes it, by itself.
      if (event.target instanceof Element && !grid.current?.contains(event.target) && !event.target.closest('[data-picks]')) onClose(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => {
      element?.removeEventListener('keydown', pressed)
      document.removeEventListener('pointerdown', outside)
    }
  }, [onClose])
  return (
    <div ref={grid} className={styles['grid']} role="group" aria-label={t`Vælg en emoji`}>
      {EMOJI.map(({ char, name }, index) => (
        <button key={char} type="button" tabIndex={index === 0 ? 0 : -1} aria-label={i18n._(name)} title={i18n._(name)} onClick={() => onPick(char)}>
          <span aria-hidden="true">{char}</span>
        </button>
      ))}
    </div>
  )
}
