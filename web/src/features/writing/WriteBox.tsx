/** What one writes in: text with suggestions on top, formatting, emoji, files. Reply box and new topic share it. */
import { t } from '@lingui/core/macro'
import { useId, useImperativeHandle, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode, type Ref } from 'react'

import type { Person } from '../../mx/model'
import { Button } from '../../ui/Button'
import { alongBar } from '../../ui/alongBar'
import type { IconName } from '../../ui/Icon'
import { askedAt, candidates, mentionText } from './mentions'
import { Dock } from './Dock'
import { EmojiPicker } from './EmojiPicker'
import { apply, insert, type Format, type Selected } from './formatting'
import { PendingFiles, type PendingFile } from './PendingFiles'
import styles from './WriteBox.module.css'

export interface WriteHandle {
  focus(): void
}

interface WriteBoxProps {
  readonly label: string
  readonly placeholder: string
  readonly text: string
  readonly onText: (text: string) => void
  /** Whom one can name here; asked only while an @ is being written. */
  readonly people: () => readonly Person[]
  readonly onNamed: (person: Person) => void
  readonly files: readonly PendingFile[]
  readonly onFiles: (files: readonly PendingFile[]) => void
  readonly onSubmit: () => void
  readonly onEscape?: () => void
  readonly onArrowUpEmpty?: () => void
  readonly end: ReactNode
  readonly ref?: Ref<WriteHandle>
}

const FORMATS: readonly { readonly format: Format; readonly icon: IconName; readonly key?: string }[] = [
  { format: 'bold', icon: 'bold', key: 'b' }, { format: 'italic', icon: 'italic', key: 'i' },
  { format: 'link', icon: 'link' }, { format: 'code', icon: 'code' }, { format: 'list', icon: 'list' }, { format: 'quote', icon: 'quote' },
]

function formatLabel(format: Format): string {
  const labels: Record<Format, string> = {
    bold: t`Fed`, italic: t`Kursiv`, link: t`Link`, code: t`Kode`, list: t`Punktliste`, quote: t`Citat`,
  }
  return labels[format]
}

export function WriteBox(props: WriteBoxProps) {
  const { label, placeholder, text, onText, people, onNamed, files, onFiles, onSubmit, onEscape, onArrowUpEmpty, end, ref } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const smile = useRef<HTMLButtonElement>(null)
  const [cursor, setCursor] = useState(0)
  const [dismissed, setDismissed] = useState<number | null>(null)
  const [picking, setPicking] = useState(false)
  const [marked, setMarked] = useState(0)
  const dock = useId()
  const asked = askedAt(text, cursor)
  const found = asked && asked.from !== dismissed ? candidates(people(), asked.query) : []
  const at = Math.min(marked, found.length - 1)

  const selected = (): Selected => {
    const element = field.current
    return { text, from: element?.selectionStart ?? text.length, to: element?.selectionEnd ?? text.length }
  }
  // The field is controlled: the selection is set once React has put the new text there.
  const put = (next: Selected): void => {
    onText(next.text)
    setCursor(next.to)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(next.from, next.to)
    })
  }
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }))
  const name = (person: Person): void => {
    if (!asked) return
    onNamed(person)
    put(insert({ text, from: asked.from, to: cursor }, `${mentionText(person)} `))
    setMarked(0)
  }
  const add = (chosen: Iterable<File>): void => {
    onFiles([...files, ...[...chosen].map((file) => ({ id: crypto.randomUUID(), file, alt: '' }))])
  }
  const onPaste = (event: ClipboardEvent): void => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    add(event.clipboardData.files)
  }
  const inDock = (event: KeyboardEvent): boolean => {
    if (found.length === 0 || event.ctrlKey || event.metaKey) return false
    const person = found[at]
    if (event.key === 'ArrowDown') setMarked((at + 1) % found.length)
    else if (event.key === 'ArrowUp') setMarked((at - 1 + found.length) % found.length)
    else if ((event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey && person) name(person)
    else if (event.key === 'Escape') setDismissed(asked?.from ?? null)
    else return false
    return true
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const format = FORMATS.find((one) => one.key === event.key)?.format
    if (inDock(event)) {
      event.preventDefault()
      event.stopPropagation()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      onSubmit()
    } else if (format && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault()
      put(apply(format, selected()))
    } else if (event.key === 'Escape' && onEscape) {
      event.preventDefault()
      event.stopPropagation()
      onEscape()
    } else if (event.key === 'ArrowUp' && text === '' && onArrowUpEmpty) {
      event.preventDefault()
      onArrowUpEmpty()
    }
  }
  return (
    <div
      className={styles['box']} onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        add(event.dataTransfer.files)
      }}
    >
      {found.length > 0 && <Dock id={dock} people={found} marked={at} onChoose={name} />}
      <textarea
        ref={field} className={styles['input']} rows={2} placeholder={placeholder} aria-label={label} value={text}
        role={found.length > 0 ? 'combobox' : undefined} aria-expanded={found.length > 0 ? true : undefined}
        aria-autocomplete={found.length > 0 ? 'list' : undefined} aria-controls={found.length > 0 ? dock : undefined}
        aria-activedescendant={found.length > 0 ? `${dock}-${at}` : undefined}
        onChange={(event) => {
          onText(event.target.value)
          setDismissed((before) => (askedAt(event.target.value, event.target.selectionStart)?.from === before ? before : null))
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown} onPaste={onPaste}
      />
      <PendingFiles files={files} onFiles={onFiles} />
      <div className={styles['bar']}>
        {/* A toolbar takes the arrows of the buttons in it; the focus is always on one of those. */}
        {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus */}
        <div className={styles['tools']} role="toolbar" aria-label={t`Formatering`} onKeyDown={alongBar}>
          <Button small icon="clip" label={t`Vedhæft en fil`} onClick={() => chooser.current?.click()} />
          <input
            ref={chooser} type="file" multiple hidden tabIndex={-1} onChange={(event) => {
              add(event.target.files ?? [])
              event.target.value = ''
            }}
          />
          <Button ref={smile} data-picks small icon="smile" label={t`Indsæt en emoji`} aria-expanded={picking} onClick={() => setPicking(!picking)} />
          <Button small icon="at" label={t`Nævn nogen`} onClick={() => put(insert(selected(), /(^|\s)$/.test(text.slice(0, selected().from)) ? '@' : ' @'))} />
          <span className={styles['split']} aria-hidden="true" />
          {FORMATS.map(({ format, icon, key }, index) => (
            <Button
              key={format} small icon={icon} label={formatLabel(format)} className={index > 2 ? styles['wideTool'] : undefined}
              aria-keyshortcuts={key && `Control+${key.toUpperCase()}`} onClick={() => put(apply(format, selected()))}
            />
          ))}
          {picking && (
            <div className={styles['picker']}>
              <EmojiPicker
                onClose={(byKey) => {
                  setPicking(false)
                  if (byKey) smile.current?.focus()
                }}
                onPick={(char) => {
                  setPicking(false)
                  put(insert(selected(), char))
                }}
              />
            </div>
          )}
        </div>
        <div className={styles['end']}>{end}</div>
      </div>
    </div>
  )
}
