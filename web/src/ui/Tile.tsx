/** A community's mark (two letters on its hue) and its name (the part that differs is strong). */
import type { ReactNode } from 'react'

import { classes } from './classes'
import styles from './Tile.module.css'

interface TileProps {
  readonly letters: string
  readonly hue: string
  readonly size?: 's' | 'm' | 'l'
  readonly className?: string | undefined
}

export function Tile({ letters, hue, size = 'm', className }: TileProps) {
  return (
    <span className={classes(styles['tile'], size !== 'm' && styles[size], className)} data-hue={hue} aria-hidden="true">
      {letters}
    </span>
  )
}

/** A mark without a community, for private chats. */
export function PlainTile({ children, size = 'm', className }: { readonly children: ReactNode; readonly size?: 's' | 'm' | 'l'; readonly className?: string }) {
  return (
    <span className={classes(styles['tile'], styles['plain'], size !== 'm' && styles[size], className)} aria-hidden="true">
      {children}
    </span>
  )
}

interface ProductProps {
  readonly parts: readonly [shared: string, own: string]
  readonly className?: string | undefined
}

/** "OS2" light, the rest strong; one word when copied or read aloud. */
export function Product({ parts: [shared, own], className }: ProductProps) {
  return <span className={classes(styles['prod'], className)}>{shared}<b>{own}</b></span>
}
