/** A new private chat: find people by name, told apart by organisation. Fetched when it is needed. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useId, useState, type KeyboardEvent } from 'react'

import type { Person } from '../../mx/model'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Dialog, DialogActs, FieldError } from '../../ui/Dialog'
import { Find } from '../../ui/Find'
import { useAct, useView } from '../client'
import { faceOf, fullName, organisationOf } from '../names'
import { goTo } from '../route'
import styles from './NewPrivate.module.css'

/** With oneself: a private chat has two to ten people. */
const OTHERS = 9
const WAIT = 200

interface Found {
  /** Null while nothing was asked. */
  readonly people: readonly Person[] | null
  readonly failed: boolean
}

const NOTHING: Found = { people: null, failed: false }

/** The people a query finds. */
function useFound(query: string): Found {
  const act = useAct()
  const [state, setState] = useState<Found>(NOTHING)
  useEffect(() => {
    if (query.trim() === '') return undefined
    let wanted = true
    const timer = setTimeout(() => {
      act.findPeople(query.trim()).then(
        (people) => wanted && setState({ people, failed: false }),
        () => wanted && setState({ people: null, failed: true }),
      )
    }, WAIT)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [act, query])
  return query.trim() === '' ? NOTHING : state
}

export default function NewPrivate({ onClose }: { readonly onClose: () => void }) {
  const act = useAct()
  const me = useView((view) => view.me().id)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<readonly Person[]>([])
  const [marked, setMarked] = useState(0)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const { people, failed } = useFound(query)
  const list = useId()
  const found = (people ?? []).filter((person) => person.id !== me && !chosen.some((one) => one.id === person.id))
  const at = Math.min(marked, found.length - 1)
  const full = chosen.length >= OTHERS
  const choose = (person: Person | undefined): void => {
    if (!person || full) return
    setChosen([...chosen, person])
    setQuery('')
    setMarked(0)
  }
  const open = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const roomId = await act.openPrivate(chosen.map((person) => person.id))
      onClose()
      goTo({ place: 'private', roomId, event: null })
    } catch {
      setBusy(false)
      setError(t`Samtalen blev ikke åbnet. Prøv igen.`)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' && found.length > 0) setMarked((at + 1) % found.length)
    else if (event.key === 'ArrowUp' && found.length > 0) setMarked((at - 1 + found.length) % found.length)
    else if (event.key === 'Enter' && query.trim() !== '') choose(found[at])
    else if (event.key === 'Enter' && chosen.length > 0) void open()
    else if (event.key === 'Backspace' && query === '') setChosen(chosen.slice(0, -1))
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={t`Ny privat besked`} closeLabel={t`Luk`} wide onClose={onClose}>
      {chosen.length > 0 && (
        <ul className={styles['chosen']} role="list" aria-label={t`Valgte personer`}>
          {chosen.map((person) => {
            const name = fullName(person)
            return (
              <li key={person.id}>
                <Avatar face={faceOf(person)} size="xs" />
                {name}
                <Button small icon="x" label={t`Fjern ${name}`} onClick={() => setChosen(chosen.filter((one) => one.id !== person.id))} />
              </li>
            )
          })}
        </ul>
      )}
      <Find
        className={styles['field']} label={t`Find en person`} placeholder={t`Skriv et navn`} value={query} onChange={setQuery} onKeyDown={onKeyDown}
        listId={list} markedId={at >= 0 ? `${list}-${at}` : undefined}
      />
      <div className={styles['list']} role="listbox" id={list} aria-label={t`Personer`}>
        {found.map((person, index) => (
          // Driven from the field, which keeps the focus.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={person.id} id={`${list}-${index}`} role="option" tabIndex={-1} aria-selected={index === at} className={styles['option']}
            onPointerDown={(event) => event.preventDefault()} onClick={() => choose(person)}
          >
            <Avatar face={faceOf(person)} size="m" />
            <span className={styles['text']}><b>{fullName(person)}</b><span>{organisationOf(person)}</span></span>
          </div>
        ))}
      </div>
      <p className="vh" role="status">{found.length > 0 && plural(found.length, { one: '# person fundet', other: '# personer fundet' })}</p>
      {full && <FieldError text={t`I en privat samtale kan der højst være ti, med dig selv.`} />}
      {failed && <FieldError text={t`Søgningen svarer ikke lige nu. Prøv igen.`} />}
      {people !== null && found.length === 0 && query.trim() !== '' && <p className={styles['said']}><Trans>Vi fandt ikke nogen, der hedder »{query}«.</Trans></p>}
      {error && <FieldError text={error} />}
      <DialogActs>
        <Button onClick={onClose}><Trans>Fortryd</Trans></Button>
        <Button look="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void open()}><Trans>Åbn samtalen</Trans></Button>
      </DialogActs>
    </Dialog>
  )
}
