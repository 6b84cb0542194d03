/** A field that filters what is on the page. */
import type { Ref } from 'react'

import { classes } from './classes'
import styles from './Find.module.css'
import { Icon } from './Icon'

interface FindProps {
  readonly label: string
  readonly placeholder?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLInputElement>
}

export function Find({ label, placeholder, value, onChange, className, ref }: FindProps) {
  return (
    <label className={classes(styles['find'], className)}>
      <Icon name="search" />
      <span className="vh">{label}</span>
      <input
        ref={ref} type="search" placeholder={placeholder ?? label} value={value} autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.stopPropagation()
            onChange('')
          }
        }}
      />
    </label>
  )
}
