/** A count of unread messages: grey, or red when it calls on the person. */
import { classes } from './classes'
import styles from './Count.module.css'

interface CountProps {
  /** As it is shown: numbers are written differently in each language. */
  readonly shown: string
  /** As it is read aloud, with its word: "3 ulæste". */
  readonly spoken: string
  readonly you?: boolean
  readonly className?: string | undefined
}

export function Count({ shown, spoken, you, className }: CountProps) {
  return (
    <span className={classes(styles['count'], you && styles['you'], className)}>
      <span aria-hidden="true">{shown}</span>
      <span className="vh">, {spoken}</span>
    </span>
  )
}
