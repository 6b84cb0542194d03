/** A page with its panel: beside it where there is room, else sliding in over it from the same button. */
import { t } from '@lingui/core/macro'
import { Suspense, useCallback, useEffect, useId, useRef, useState, type ReactNode } from 'react'

import { Button } from '../../ui/Button'
import { classes } from '../../ui/classes'
import { useMedia } from '../../ui/useMedia'
import { Failure } from '../Failure'
import { prefer, usePreferences } from '../settings/preferences'
import styles from './Panel.module.css'

/** From this width the panel is part of the sheet (look: 1280). */
const BESIDE = '(min-width: 80.0625rem)'

export interface PanelState {
  readonly open: boolean
  readonly beside: boolean
  readonly toggle: () => void
  readonly close: () => void
}

/** Beside the page it stays as one left it; over the page it is open until one closes it or leaves. */
export function usePanel(): PanelState {
  const beside = useMedia(BESIDE)
  const { panel } = usePreferences()
  const [over, setOver] = useState(false)
  const open = beside ? panel : over
  const set = useCallback((next: boolean) => (beside ? prefer({ panel: next }) : setOver(next)), [beside])
  return { open, beside, toggle: () => set(!open), close: () => set(false) }
}

interface WithPanelProps {
  readonly panel: PanelState
  readonly title: string
  /** What is in it; drawn, and so fetched, only while it is open. */
  readonly content: ReactNode
  readonly children: ReactNode
}

export function WithPanel({ panel, title, content, children }: WithPanelProps) {
  const { open, beside, close } = panel
  return (
    <div className={classes(styles['with'], open && (beside ? styles['beside'] : styles['over']))}>
      <div className={styles['page']}>{children}</div>
      {open && <Panel title={title} over={!beside} onClose={close}>{content}</Panel>}
    </div>
  )
}

interface PanelProps {
  readonly title: string
  readonly over: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

function Panel({ title, over, onClose, children }: PanelProps) {
  const heading = useId()
  const aside = useRef<HTMLElement>(null)
  // What lies over the page takes the focus, and gives it back.
  useEffect(() => {
    if (!over) return undefined
    const before = document.activeElement
    aside.current?.querySelector('button')?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [over])
  useEffect(() => {
    const element = aside.current
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      event.stopPropagation()
      onClose()
    }
    element?.addEventListener('keydown', onKey)
    return () => element?.removeEventListener('keydown', onKey)
  }, [onClose])
  return (
    <aside ref={aside} className={styles['panel']} aria-labelledby={heading}>
      <header className={styles['head']}>
        <h2 id={heading}>{title}</h2>
        <Button small icon="x" label={t`Luk panelet`} onClick={onClose} />
      </header>
      <Failure at={title}>
        <Suspense fallback={null}>{children}</Suspense>
      </Failure>
    </aside>
  )
}

interface PanelButtonProps {
  readonly panel: PanelState
  readonly label: string
  readonly className?: string | undefined
}

export function PanelButton({ panel, label, className }: PanelButtonProps) {
  return <Button icon="panel" label={label} className={className} aria-pressed={panel.open} onClick={panel.toggle} />
}
