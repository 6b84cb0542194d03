/** The side: Seneste, private chats, communities with their channels and the open channel's topics; me. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

import { makeLink } from '../../mx/links'
import { Brand } from '../../ui/Brand'
import { Button, ButtonLink } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { Avatar } from '../../ui/Avatar'
import { useView, useWholeView } from '../client'
import { faceOf, organisationOf } from '../names'
import { useLink } from '../route'
import { unreadConversations } from '../recent/filters'
import { Communities } from './Communities'
import { PrivateChats } from './PrivateChats'
import { Row } from './Row'
import styles from './Side.module.css'

interface SideProps {
  readonly onNewPrivate: () => void
  readonly onNewTopic: (() => void) | null
  readonly onFindCommunities: () => void
}

export function Side({ onNewPrivate, onNewTopic, onFindCommunities }: SideProps) {
  const view = useWholeView()
  const link = useLink()
  const me = useView((known) => known.me())
  return (
    <div className={styles['side']}>
      <header className={styles['top']}>
        <Brand href={makeLink({ place: 'recent' })} label={t`OS2samtale, til Seneste`} />
        {onNewTopic && <Button icon="pen" label={t`Skriv et nyt emne`} onClick={onNewTopic} />}
      </header>
      <nav className={styles['nav']} aria-label={t`Samtaler`}>
        <ul role="list">
          <li>
            <Row
              href={makeLink({ place: 'recent' })} current={link.place === 'recent'} unread={{ count: unreadConversations(view), highlight: 0 }}
              lead={<Icon name="clock" />}
            >
              <Trans>Seneste</Trans>
            </Row>
          </li>
        </ul>
        <PrivateChats onNew={me.guest ? null : onNewPrivate} />
        <Communities onFind={me.guest ? null : onFindCommunities} />
      </nav>
      <footer>
        {me.demo && <p className={styles['demo']}><Trans>Samtalerne her er opdigtede.</Trans></p>}
        <div className={styles['me']}>
          <Avatar face={faceOf(me)} />
          <span className={styles['meText']}>
            <b>{me.name}</b>
            <span>{organisationOf(me)}</span>
          </span>
          <ButtonLink
            icon="sliders" href={makeLink({ place: 'me' })} label={t`Dine indstillinger`}
            aria-current={link.place === 'me' ? 'page' : undefined}
          />
        </div>
      </footer>
    </div>
  )
}
