/** Bars in the place of what is on its way; they appear after 300 ms. */
import { classes } from './classes'
import styles from './Skeleton.module.css'

interface SkeletonProps {
  readonly label: string
  readonly kind: 'messages' | 'rows'
}

export function Skeleton({ label, kind }: SkeletonProps) {
  const items = kind === 'messages' ? [3, 2, 3] : [2, 2, 2, 2]
  return (
    <div className={classes(styles['list'], kind === 'rows' && styles['rows'])} role="status">
      <span className="vh">{label}</span>
      {items.map((bars, item) => (
        <div key={item} className={styles['item']}>
          <span className={classes(styles['bar'], styles['round'])} />
          <div>{Array.from({ length: bars }, (_, bar) => <span key={bar} className={styles['bar']} />)}</div>
        </div>
      ))}
    </div>
  )
}
