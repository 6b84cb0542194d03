/** How far a file is on its way, and the way back. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { Button } from '../../ui/Button'
import { useView } from '../client'
import styles from './Message.module.css'

interface UploadBarProps {
  readonly id: string
  readonly name: string
  readonly onTakeBack: () => void
}

export function UploadBar({ id, name, onTakeBack }: UploadBarProps) {
  const percent = useView((view) => view.sent(id))
  // Read aloud three times on a long way, and never on a short one.
  const quarter = Math.floor(percent / 25) * 25
  return (
    <>
      <Button small onClick={onTakeBack}><Trans>Fortryd</Trans></Button>
      <progress className={styles['upload']} max={100} value={percent} aria-label={t`Sender ${name}`} />
      <span className="vh" role="status">{quarter > 0 && quarter < 100 && t`${name}: ${quarter} % er sendt`}</span>
    </>
  )
}
