/** A file to fetch, or a picture to look at; both come through the client, with the person's rights. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useState, type ReactNode } from 'react'

import type { Attachment } from '../../mx/model'
import { Button } from '../../ui/Button'
import { Dialog, DialogActs } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { useToast } from '../../ui/Toast'
import { useAct } from '../client'
import { fileSize } from '../time'
import styles from './Message.module.css'

/** Twice what is shown, for dense screens. */
const THUMBNAIL = { width: 640, height: 640 }

function kindOf(mimetype: string, name: string): string {
  if (mimetype.startsWith('text/csv')) return t`Tabel`
  if (mimetype.startsWith('text/')) return t`Tekst`
  if (mimetype.startsWith('image/')) return t`Billede`
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]
  return ending ? ending.toUpperCase() : t`Fil`
}

/** Fetches a file with the person's rights and puts it on their disk. */
export function useFetch(attachment: Attachment): () => Promise<void> {
  const act = useAct()
  const say = useToast()
  return async () => {
    try {
      const link = document.createElement('a')
      link.href = await act.mediaUrl(attachment.mxc)
      // Always to disk: a page of somebody else's must never open in our origin.
      link.download = attachment.name
      link.click()
    } catch {
      say(t`Vi kunne ikke hente filen. Prøv igen.`)
    }
  }
}

interface AttachmentViewProps {
  readonly attachment: Attachment
  /** On its way there is nothing to fetch yet. */
  readonly sent: boolean
  /** While the file itself is on its way: how far, and the way back. */
  readonly upload?: ReactNode
}

export function AttachmentView({ attachment, sent, upload }: AttachmentViewProps) {
  return attachment.kind === 'image' && sent ? <Picture attachment={attachment} /> : <FileRow attachment={attachment} sent={sent} upload={upload} />
}

function FileRow({ attachment, sent, upload }: AttachmentViewProps) {
  const fetchFile = useFetch(attachment)
  const { name } = attachment
  return (
    <div className={styles['file']}>
      <span className={styles['fileIcon']}><Icon name="file" /></span>
      <span className={styles['fileText']}>
        <b>{name}</b>
        <span>{kindOf(attachment.mimetype, name)}, {fileSize(attachment.size)}</span>
      </span>
      {upload}
      {sent && <Button icon="down" label={t`Hent ${name}`} onClick={() => void fetchFile()} />}
    </div>
  )
}

function useMediaUrl(mxc: string, small: boolean): { readonly url: string | null; readonly failed: boolean } {
  const act = useAct()
  const [state, setState] = useState<{ readonly url: string | null; readonly failed: boolean }>({ url: null, failed: false })
  useEffect(() => {
    let wanted = true
    act.mediaUrl(mxc, small ? THUMBNAIL : undefined).then(
      (url) => wanted && setState({ url, failed: false }),
      () => wanted && setState({ url: null, failed: true }),
    )
    return () => {
      wanted = false
    }
  }, [act, mxc, small])
  return state
}

function Picture({ attachment }: { readonly attachment: Attachment }) {
  const { url, failed } = useMediaUrl(attachment.mxc, true)
  const [open, setOpen] = useState(false)
  const { name, alt, width, height } = attachment
  if (failed) return <FileRow attachment={attachment} sent />
  const [w, h] = width && height ? shownSize(width, height) : [undefined, undefined]
  return (
    <figure className={styles['shot']}>
      <button type="button" aria-label={t`Åbn ${name}`} onClick={() => setOpen(true)}>
        <img src={url ?? undefined} alt={alt ?? name} width={w} height={h} decoding="async" />
      </button>
      <figcaption>{name}</figcaption>
      {open && <PictureDialog attachment={attachment} onClose={() => setOpen(false)} />}
    </figure>
  )
}

/** Room for the picture before it is there, so that nothing jumps: at most 320 px each way. */
function shownSize(width: number, height: number): readonly [number, number] {
  const scale = Math.min(1, 320 / width, 320 / height)
  return [Math.round(width * scale), Math.round(height * scale)]
}

function PictureDialog({ attachment, onClose }: { readonly attachment: Attachment; readonly onClose: () => void }) {
  const { url } = useMediaUrl(attachment.mxc, false)
  const fetchFile = useFetch(attachment)
  return (
    <Dialog title={attachment.name} closeLabel={t`Luk`} wide onClose={onClose}>
      {url && <img className={styles['full']} src={url} alt={attachment.alt ?? attachment.name} />}
      <DialogActs>
        <Button look="second" icon="down" onClick={() => void fetchFile()}><Trans>Hent billedet</Trans></Button>
      </DialogActs>
    </Dialog>
  )
}
