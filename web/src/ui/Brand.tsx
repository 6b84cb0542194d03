/** The mark and the name, as a link home. */
import styles from './Brand.module.css'

export function Brand({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <a className={styles['brand']} href={href} aria-label={label}>
      <svg className={styles['mark']} viewBox="0 0 28 28" aria-hidden="true">
        <path className={styles['line']} d="M5 25.2c2.9.2 4.5-.8 5.4-2.5 1.2.4 2.5.6 3.8.6 5.9 0 10.3-4.2 10.3-9.6S20.1 4 14.2 4 4 8.3 4 13.7c0 2.3.8 4.3 2.2 6" />
        <circle className={styles['knot']} cx="14.2" cy="13.7" r="3" />
      </svg>
      <span>OS2<b>samtale</b></span>
    </a>
  )
}
