/** A button that opens a menu: arrows move in it, Escape and Tab close it and give the focus back. */
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'

import { Button } from './Button'
import { classes } from './classes'
import { Icon, type IconName } from './Icon'
import styles from './Menu.module.css'
import { opensUp } from './opensUp'

export interface MenuItem {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  readonly shortcut?: string
  readonly danger?: boolean
  readonly onChoose: () => void
}

interface MenuProps {
  readonly label: string
  readonly icon: IconName
  readonly items: readonly MenuItem[]
  readonly small?: boolean
  readonly tabIndex?: number
  readonly onOpen?: (open: boolean) => void
}

export function Menu({ label, icon, items, small, tabIndex, onOpen }: MenuProps) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const show = (next: boolean): void => {
    setOpen(next)
    onOpen?.(next)
  }
  const close = (): void => {
    show(false)
    button.current?.focus()
  }
  useEffect(() => {
    if (!open) return undefined
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) show(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  })
  return (
    <span className={styles['anchor']} ref={anchor}>
      <Button
        ref={button} icon={icon} label={label} small={small ?? false} tabIndex={tabIndex} aria-haspopup="menu" aria-expanded={open}
        aria-controls={open ? id : undefined} onClick={() => show(!open)}
      />
      {open && (
        <div ref={opensUp} className={styles['menu']}>
          <MenuItems id={id} label={label} items={items} onClose={close} />
        </div>
      )}
    </span>
  )
}

interface MenuItemsProps {
  readonly id?: string
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly onClose: () => void
}

export function MenuItems({ id, label, items, onClose }: MenuItemsProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key]
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose()
    } else if (to !== undefined) {
      event.preventDefault()
      all[to % all.length]?.focus()
    }
  }
  return (
    <div ref={list} id={id} role="menu" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.id} type="button" role="menuitem" tabIndex={-1} className={classes(styles['item'], item.danger && styles['danger'])}
          onClick={() => {
            onClose()
            item.onChoose()
          }}
        >
          {item.icon && <Icon name={item.icon} />}
          {item.label}
          {item.shortcut && <kbd aria-hidden="true">{item.shortcut}</kbd>}
        </button>
      ))}
    </div>
  )
}
