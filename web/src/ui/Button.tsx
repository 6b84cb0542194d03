/** Buttons, and links that look like one: primary, second, quiet; with an icon, or an icon alone. */
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react'

import styles from './Button.module.css'
import { classes } from './classes'
import { Icon, type IconName } from './Icon'

interface Looks {
  readonly look?: 'primary' | 'second' | 'quiet'
  readonly small?: boolean
  readonly icon?: IconName
  /** The name of a button that shows its icon alone. */
  readonly label?: string
  readonly danger?: boolean
  readonly className?: string | undefined
  readonly children?: ReactNode
}

function className({ look = 'quiet', small, danger, label, children, className: own }: Looks): string {
  return classes(
    styles['btn'], styles[look], small && styles['small'], danger && styles['danger'],
    label !== undefined && children === undefined && styles['only'], own,
  )
}

interface ButtonProps extends Looks, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'children'> {
  /** At work: the label stays, a spinner takes the icon's place. */
  readonly busy?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}

export function Button(props: ButtonProps) {
  const { look: _look, small: _small, danger: _danger, className: _own, icon, label, children, busy, ref, type = 'button', ...rest } = props
  return (
    <button
      {...rest} ref={ref} type={type} aria-label={label ?? rest['aria-label']} title={children === undefined ? label : rest.title}
      aria-busy={busy || undefined} className={className(props)}
    >
      {busy ? <span className={styles['spin']} aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

interface ButtonLinkProps extends Looks, Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'className' | 'children'> {}

export function ButtonLink(props: ButtonLinkProps) {
  const { look: _look, small: _small, danger: _danger, className: _own, icon, label, children, ...rest } = props
  return (
    <a {...rest} aria-label={label ?? rest['aria-label']} title={children === undefined ? label : rest.title} className={className(props)}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}
