/** The places at the bottom of a phone. */
import { t } from '@lingui/core/macro'

import { makeLink, type Link } from '../mx/links'
import type { Unread } from '../mx/model'
import { Count } from '../ui/Count'
import { Icon, type IconName } from '../ui/Icon'
import { useWholeView } from './client'
import { unreadConversations } from './recent/filters'
import { sum, unreadWords } from './words'
import styles from './Tabs.module.css'

interface Tab {
  readonly place: 'recent' | 'channels' | 'messages' | 'me'
  readonly icon: IconName
  readonly label: string
  readonly unread?: Unread
}

/** Which of them the open place belongs to. */
function tabOf(link: Link): Tab['place'] {
  if (link.place === 'channel' || link.place === 'conversation' || link.place === 'community') return 'channels'
  return link.place === 'private' ? 'messages' : link.place
}

export function Tabs({ link }: { readonly link: Link }) {
  const view = useWholeView()
  const tabs: readonly Tab[] = [
    { place: 'recent', icon: 'clock', label: t`Seneste`, unread: { count: unreadConversations(view), highlight: 0 } },
    { place: 'channels', icon: 'tree', label: t`Kanaler` },
    { place: 'messages', icon: 'bubble', label: t`Beskeder`, unread: sum(view.privateChats().map((chat) => chat.unread)) },
    { place: 'me', icon: 'person', label: t`Dig` },
  ]
  const here = tabOf(link)
  return (
    <nav className={styles['tabs']} aria-label={t`Hovedmenu`}>
      <ul role="list">
        {tabs.map(({ place, icon, label, unread }) => {
          const words = unread && unreadWords(unread)
          return (
            <li key={place}>
              <a href={makeLink({ place })} aria-current={place === here ? 'page' : undefined}>
                <span className={styles['icon']}>
                  <Icon name={icon} />
                  {words && <span aria-hidden="true"><Count {...words} className={styles['count']} /></span>}
                </span>
                <span>{label}{words && <span className="vh">, {words.spoken}</span>}</span>
              </a>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
