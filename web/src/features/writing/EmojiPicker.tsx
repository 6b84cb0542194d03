/** A small grid of emoji: one tab stop, arrows inside, Escape closes. */
import { useLingui } from '@lingui/react'
import { t } from '@lingui/core/macro'
import { useEffect, useRef, type KeyboardEvent } from 'react'

import { EMOJI } from './emoji'
import styles from './EmojiPicker.module.css'

const COLUMNS = 6

interface EmojiPickerProps {
  readonly onPick: (char: string) => void
  readonly onClose: () => void
}

export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const { i18n } = useLingui()
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => {
    grid.current?.querySelector('button')?.focus()
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !grid.current?.contains(event.target)) onClose()
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [onClose])
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(grid.current?.querySelectorAll('button') ?? [])]
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key]
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose()
    } else if (by !== undefined) {
      event.preventDefault()
      all[all.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus()
    }
  }
  return (
    <div ref={grid} className={styles['grid']} role="group" aria-label={t`Vælg en emoji`} onKeyDown={onKeyDown}>
      {EMOJI.map(({ char, name }, index) => (
        <button key={char} type="button" tabIndex={index === 0 ? 0 : -1} aria-label={i18n._(name)} title={i18n._(name)} onClick={() => onPick(char)}>
          <span aria-hidden="true">{char}</span>
        </button>
      ))}
    </div>
  )
}
