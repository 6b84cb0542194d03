/** Who reads along: how many people, from how many organisations, how many of them are guests. */
import { plural } from '@lingui/core/macro'
import type { ReactNode } from 'react'

import type { RoomId } from '../../mx/model'
import { Icon } from '../../ui/Icon'
import { classes } from '../../ui/classes'
import { useView } from '../client'
import styles from './ReadersLine.module.css'

interface ReadersLineProps {
  readonly roomId: RoomId
  readonly said?: ReactNode
  readonly className?: string | undefined
}

export function ReadersLine({ roomId, said, className }: ReadersLineProps) {
  const { people, organisations, guests } = useView((view) => view.readers(roomId))
  const from = plural(organisations, { one: 'fra # organisation', other: 'fra # organisationer' })
  const of = plural(guests, { one: '# er gæst', other: '# er gæster' })
  return (
    <p className={classes(styles['readers'], className)}>
      {people > 0 && (
        <>
          <Icon name="eye" />
          <span>
            <b>{plural(people, { one: '# kan læse med', other: '# kan læse med' })}</b>
            {organisations > 0 && ` ${from}`}
            {guests > 0 && `, ${of}`}
          </span>
        </>
      )}
      <span className={styles['said']}>{said}</span>
    </p>
  )
}
