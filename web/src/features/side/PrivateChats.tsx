/** The list of private chats, newest first. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useId } from 'react'

import { makeLink } from '../../mx/links'
import { Avatar, MoreAvatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { useRoving } from '../../ui/useRoving'
import { useView, useWholeView } from '../client'
import { chatName, faceOf } from '../names'
import { useLink } from '../route'
import { Row } from './Row'
import styles from './Side.module.css'

interface PrivateChatsProps {
  /** Null: guests answer the chats that a member starts. */
  readonly onNew: (() => void) | null
  /** The page around it bears the heading and the button. */
  readonly bare?: boolean
}

export function PrivateChats({ onNew, bare }: PrivateChatsProps) {
  const view = useWholeView()
  const chats = useView((known) => known.privateChats())
  const link = useLink()
  const heading = useId()
  const [list] = useRoving<HTMLUListElement>()
  return (
    <section aria-labelledby={heading}>
      <div className={bare ? 'vh' : styles['heading']}>
        <h2 id={heading}><Trans>Private beskeder</Trans></h2>
        {onNew && !bare && <Button small icon="plus" label={t`Ny privat besked`} aria-keyshortcuts="x" onClick={onNew} />}
      </div>
      {chats.length === 0 && onNew === null && <p className={styles['nothing']}><Trans>Her står de private beskeder, andre skriver til dig.</Trans></p>}
      <ul role="list" ref={list}>
        {chats.map((chat) => {
          const [first] = chat.people
          const lead = chat.people.length === 1 && first
            ? <Avatar size="xs" face={faceOf(view.person(first))} />
            : <MoreAvatar size="xs" text={String(chat.people.length + 1)} />
          return (
            <li key={chat.roomId}>
              <Row
                href={makeLink({ place: 'private', roomId: chat.roomId, event: null })} unread={chat.unread} lead={lead}
                current={link.place === 'private' && link.roomId === chat.roomId}
              >
                {chatName(view, chat)}
              </Row>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
