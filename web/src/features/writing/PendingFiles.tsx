/** Files chosen and not sent yet; a picture can be given words for those who do not see it. */
import { t } from '@lingui/core/macro'

import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { fileSize } from '../time'
import styles from './WriteBox.module.css'

export interface PendingFile {
  readonly id: string
  readonly file: File
  readonly alt: string
}

interface PendingFilesProps {
  readonly files: readonly PendingFile[]
  readonly onFiles: (files: readonly PendingFile[]) => void
}

export function PendingFiles({ files, onFiles }: PendingFilesProps) {
  if (files.length === 0) return null
  return (
    <ul className={styles['files']} role="list" aria-label={t`Filer, der bliver sendt`}>
      {files.map((pending) => {
        const { name } = pending.file
        return (
          <li key={pending.id} className={styles['file']}>
            <Icon name="file" />
            <span className={styles['fileName']}>{name}<span>{fileSize(pending.file.size)}</span></span>
            {pending.file.type.startsWith('image/') && (
              <input
                className={styles['alt']} value={pending.alt} aria-label={t`Beskriv billedet ${name}`} placeholder={t`Beskriv billedet`}
                onChange={(event) => onFiles(files.map((one) => (one.id === pending.id ? { ...one, alt: event.target.value } : one)))}
              />
            )}
            <Button small icon="x" label={t`Fjern ${name}`} onClick={() => onFiles(files.filter((one) => one.id !== pending.id))} />
          </li>
        )
      })}
    </ul>
  )
}
