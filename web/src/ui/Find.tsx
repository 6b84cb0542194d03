/** A field that filters what is on the page. */
import type { KeyboardEvent, Ref } from 'react'

import { classes } from './classes'
import styles from './Find.module.css'
import { Icon } from './Icon'

interface FindProps {
  readonly label: string
  readonly placeholder?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly className?: string | undefined
  readonly onKeyDown?: (event: KeyboardEvent) => void
  /** It also drives a list of suggestions: the list's id, and the id of the one that is marked. */
  readonly listId?: string
  readonly markedId?: string | undefined
  readonly ref?: Ref<HTMLInputElement>
}

export function Find({ label, placeholder, value, onChange, className, onKeyDown, listId, markedId, ref }: FindProps) {
  return (
    <label className={classes(styles['find'], className)}>
      <Icon name="search" />
      <span className="vh">{label}</span>
      <input
        ref={ref} type="search" placeholder={placeholder ?? label} value={value} autoComplete="off"
        {...(listId ? { role: 'combobox', 'aria-expanded': markedId !== undefined, 'aria-autocomplete': 'list' as const, 'aria-controls': listId, 'aria-activedescendant': markedId } : {})}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.preventDefault()
            event.stopPropagation()
            onChange('')
          } else {
            onKeyDown?.(event)
          }
        }}
      />
    </label>
  )
}
