/** Code with a button that copies it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { Button } from '../../ui/Button'
import { useToast } from '../../ui/Toast'
import styles from './RichText.module.css'

export function CodeBlock({ code, language }: { readonly code: string; readonly language: string | null }) {
  const say = useToast()
  const name = language ?? t`Kode`
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code)
      say(t`Koden er kopieret`)
    } catch {
      say(t`Browseren lod os ikke kopiere`)
    }
  }
  return (
    <figure className={styles['code']}>
      <figcaption>
        <span>{name}</span>
        <Button small icon="copy" onClick={() => void copy()}><Trans>Kopiér</Trans></Button>
      </figcaption>
      {/* Long lines scroll sideways: without a tab stop the keyboard could not reach their ends. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="region" aria-label={t`Kode: ${name}`}><code>{code}</code></pre>
    </figure>
  )
}
