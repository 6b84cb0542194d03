/** Seneste: every conversation, newest first. One lands here. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'

import type { Conversation } from '../../mx/model'
import { Blank } from '../../ui/Blank'
import { Button } from '../../ui/Button'
import { Chips, type Chip } from '../../ui/Chips'
import { Find } from '../../ui/Find'
import { Bar, barFind, Head } from '../../ui/Head'
import { Skeleton } from '../../ui/Skeleton'
import { useRoving } from '../../ui/useRoving'
import type { View } from '../../mx/client'
import { useView, useWholeView } from '../client'
import { useKeys } from '../keys/keys'
import { chatName, fullName, matches, topicName } from '../names'
import { readRow } from '../reading/ReadButton'
import { number } from '../time'
import { useTitle } from '../useTitle'
import { passes, unreadConversations, type RecentFilter } from './filters'
import styles from './Recent.module.css'
import { RecentRow } from './RecentRow'

/** So many rows at first, and so many more each time: old ones are rarely what one came for. */
const PAGE = 60

/** What the filter field looks in: the name, and the people who wrote. */
function searched(view: View, { topic, chat }: Conversation): string {
  if (chat) return chatName(view, chat)
  if (!topic) return t`Uden emne`
  return [topicName(topic), ...topic.participants.map((id) => fullName(view.person(id)))].join(' ')
}

/** `onFindCommunities` null: guests are where they were invited. */
export function RecentPage({ onFindCommunities }: { readonly onFindCommunities: (() => void) | null }) {
  const view = useWholeView()
  const all = useView((known) => known.recent())
  const ready = useView((known) => known.ready())
  const [filter, setFilter] = useState<RecentFilter>('all')
  const [query, setQuery] = useState('')
  const [pages, setPages] = useState(1)
  useTitle(t`Seneste`)
  const [list, move] = useRoving<HTMLTableSectionElement>()
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), e: readRow })
  const shown = all.filter((one) => passes(view, one, filter) && (query === '' || matches(searched(view, one), query)))
  const unread = unreadConversations(view)
  const chips: readonly Chip<RecentFilter>[] = [
    { value: 'all', label: t`Alle` }, { value: 'unread', label: t`Ulæste`, count: unread > 0 ? number(unread) : undefined },
    { value: 'participated', label: t`Har skrevet i` }, { value: 'followed', label: t`Fulgte` }, { value: 'private', label: t`Private` },
  ]
  return (
    <>
      <Head title={t`Seneste`} mark="clock" sub={t`Alle dine samtaler, nyeste først`} />
      <Bar>
        <Chips label={t`Vis`} chips={chips} chosen={filter} onChoose={setFilter} />
        <Find className={barFind} label={t`Filtrér samtaler`} placeholder={t`Filtrér på emne eller person`} value={query} onChange={setQuery} />
      </Bar>
      <div className={styles['scroll']}>
        {!ready && all.length === 0 && <Skeleton kind="rows" label={t`Henter samtaler`} />}
        {shown.length > 0 && (
          <table className={styles['grid']}>
            <caption className="vh"><Trans>Seneste samtaler</Trans></caption>
            <thead>
              <tr>
                <th scope="col"><Trans>Emne</Trans></th>
                <th scope="col" className={styles['where']}><Trans>Kanal</Trans></th>
                <th scope="col" className={styles['people']}><Trans>Deltagere</Trans></th>
                <th scope="col" className={styles['unread']}><Trans>Ulæste</Trans></th>
                <th scope="col" className={styles['last']} aria-sort="descending"><Trans>Sidst skrevet</Trans></th>
              </tr>
            </thead>
            <tbody ref={list}>
              {shown.slice(0, pages * PAGE).map((one) => <RecentRow key={`${one.key.roomId} ${one.key.root}`} conversation={one} />)}
            </tbody>
          </table>
        )}
        {shown.length > pages * PAGE && (
          <p className={styles['more']}><Button look="second" onClick={() => setPages(pages + 1)}><Trans>Vis ældre samtaler</Trans></Button></p>
        )}
        {ready && all.length === 0 && <Nothing onFindCommunities={onFindCommunities} />}
        {ready && all.length > 0 && shown.length === 0 && (
          <Blank
            icon={filter === 'unread' && query === '' ? 'check' : 'search'}
            title={filter === 'unread' && query === '' ? t`Du er helt ajour` : t`Ingen samtaler passer til filteret`}
            acts={<Button look="second" onClick={() => { setFilter('all'); setQuery('') }}>{filter === 'unread' && query === '' ? <Trans>Se de seneste samtaler</Trans> : <Trans>Ryd filtre</Trans>}</Button>}
          />
        )}
      </div>
    </>
  )
}

function Nothing({ onFindCommunities }: { readonly onFindCommunities: (() => void) | null }) {
  const mayFind = useView((view) => view.communities()).some((community) => !community.joined)
  return (
    <Blank
      icon="clock" title={t`Ingen samtaler endnu`}
      acts={mayFind && onFindCommunities && <Button look="second" onClick={onFindCommunities}><Trans>Find et fællesskab</Trans></Button>}
    >
      <Trans>Her lander alle samtaler i dine kanaler, og dine private beskeder.</Trans>
    </Blank>
  )
}
