/** A person as a bead: initials on a hue. Guests have a dashed ring. */
import styles from './Avatar.module.css'
import { classes } from './classes'

export interface Face {
  readonly id: string
  readonly initials: string
  readonly hue: string
  readonly guest: boolean
  /** Name as shown, with the guest mark. */
  readonly name: string
}

type Size = 'xs' | 's' | 'm' | 'l' | 'xl'

interface AvatarProps {
  readonly face: Face
  readonly size?: Size
}

export function Avatar({ face, size = 'l' }: AvatarProps) {
  return (
    <span
      className={classes(styles['av'], size !== 'l' && styles[size], face.guest && styles['guest'])}
      data-hue={face.hue} aria-hidden="true"
    >
      {face.initials}
    </span>
  )
}

/** A number in place of a face: the people of a group, or those there is no room for. */
export function MoreAvatar({ text, size = 's' }: { readonly text: string; readonly size?: Size }) {
  return <span className={classes(styles['av'], size !== 'l' && styles[size], styles['more'])} aria-hidden="true">{text}</span>
}

interface StackProps {
  readonly faces: readonly Face[]
  /** How many there are in all. */
  readonly total: number
  readonly label: string
  readonly className?: string | undefined
}

/** The first three of several people, and how many more. */
export function Stack({ faces, total, label, className }: StackProps) {
  const shown = faces.slice(0, 3)
  return (
    <span className={classes(styles['stack'], className)} role="img" aria-label={label}>
      {shown.map((face) => <Avatar key={face.id} face={face} size="s" />)}
      {total > shown.length && <MoreAvatar text={`+${total - shown.length}`} />}
    </span>
  )
}
