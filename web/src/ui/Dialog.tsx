/** A modal dialog on the browser's own <dialog>: it keeps the focus, closes on Escape and gives focus back. */
import { useEffect, useId, useRef, type ReactNode } from 'react'

import { Button } from './Button'
import { classes } from './classes'
import styles from './Dialog.module.css'
import { Icon } from './Icon'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly closeLabel?: string
  readonly wide?: boolean
  /** On a phone it comes from below. */
  readonly sheet?: boolean
  readonly children: ReactNode
}

export function Dialog({ title, onClose, closeLabel, wide, sheet, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    if (element && !element.open) element.showModal()
    // The browser would take the first thing that can have focus: the button that closes.
    element?.querySelector<HTMLElement>('input, textarea, [role=menuitem]')?.focus()
    return () => {
      element?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  // A press beside it closes it: on the backdrop the dialog itself is what was pressed, as on its own edge.
  useEffect(() => {
    const element = dialog.current
    const beside = (event: MouseEvent): void => {
      const box = element?.getBoundingClientRect()
      if (event.target !== element || !box) return
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom
      if (!inside) onClose()
    }
    element?.addEventListener('mousedown', beside)
    return () => element?.removeEventListener('mousedown', beside)
  }, [onClose])
  return (
    <dialog
      ref={dialog} className={classes(styles['dialog'], wide && styles['wide'], sheet && styles['sheet'])} aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      {closeLabel
        ? (
            <header className={styles['head']}>
              <h2 id={heading}>{title}</h2>
              <Button icon="x" small label={closeLabel} onClick={onClose} />
            </header>
          )
        : <h2 id={heading}>{title}</h2>}
      {children}
    </dialog>
  )
}

export function DialogActs({ children }: { readonly children: ReactNode }) {
  return <div className={styles['acts']}>{children}</div>
}

interface DialogFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error?: string | null
  readonly maxLength?: number
}

export function DialogField({ label, value, onChange, error, maxLength }: DialogFieldProps) {
  const said = useId()
  return (
    <>
      <label className={styles['field']}>
        {label}
        <input
          value={value} maxLength={maxLength} aria-invalid={error ? true : undefined}
          aria-describedby={error ? said : undefined} onChange={(event) => onChange(event.target.value)}
        />
      </label>
      {error && <FieldError id={said} text={error} />}
    </>
  )
}

export function FieldError({ id, text }: { readonly id?: string; readonly text: string }) {
  return <span className={styles['error']} id={id} role="alert"><Icon name="warn" />{text}</span>
}
