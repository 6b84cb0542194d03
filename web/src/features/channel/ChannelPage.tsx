/** A channel: its topics by latest message, filters, a form for a new topic, and what is said without one. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { lazy, useState } from 'react'

import { makeLink } from '../../mx/links'
import type { Channel, ChannelAddress, Community, RoomId, Topic } from '../../mx/model'
import { Blank } from '../../ui/Blank'
import { Button } from '../../ui/Button'
import { Chips, type Chip } from '../../ui/Chips'
import { Find } from '../../ui/Find'
import { Bar, barFind, BarSplit, Head } from '../../ui/Head'
import { Icon } from '../../ui/Icon'
import { PHONE, useMedia } from '../../ui/useMedia'
import { Skeleton } from '../../ui/Skeleton'
import { Tile } from '../../ui/Tile'
import { useRoving } from '../../ui/useRoving'
import { useAct, useView, useWholeView } from '../client'
import { useKeys } from '../keys/keys'
import { matches, markOf, topicName } from '../names'
import { channelIcon } from '../side/ChannelRow'
import { PanelButton, usePanel, WithPanel } from '../panel/WithPanel'
import { readRow } from '../reading/ReadButton'
import { number } from '../time'
import { useTitle } from '../useTitle'
import { whyNot } from '../words'
import styles from './Channel.module.css'
import { passes, type TopicFilter } from './filters'
import { GeneralRow } from './GeneralRow'
import { NewTopic } from './NewTopic'
import { TopicRow } from './TopicRow'

const ChannelPanel = lazy(() => import('../panel/ChannelPanel'))

/** So many rows at first, and so many more each time. */
const PAGE = 50

interface ChannelPageProps {
  readonly community: Community
  readonly channel: Channel
  readonly roomId: RoomId
  /** The form for a new topic is open. */
  readonly writing: boolean
  readonly onWrite: (open: boolean) => void
}

export function ChannelPage({ community, channel, roomId, writing, onWrite }: ChannelPageProps) {
  const address: ChannelAddress = { community: community.slug, channel: channel.slug }
  const view = useWholeView()
  const topics = view.topics(roomId)
  const failed = view.topicsFailed(roomId)
  const mayNot = useView((known) => known.mayNotStart(roomId))
  const act = useAct()
  const phone = useMedia(PHONE)
  const [filter, setFilter] = useState<TopicFilter>('all')
  const [query, setQuery] = useState('')
  const [pages, setPages] = useState(1)
  const older = useView((known) => known.hasOlderTopics(roomId))
  useTitle(channel.name)
  const [list, move] = useRoving<HTMLUListElement>()
  useKeys({
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), e: readRow,
    ...(mayNot === null ? { c: () => onWrite(true) } : {}),
  })
  const shown = topics?.filter((topic) => passes(topic, filter) && (query === '' || matches(topicName(topic), query)))
  const panel = usePanel()
  return (
    <WithPanel panel={panel} title={t`Om kanalen`} content={<ChannelPanel community={community} channel={channel} roomId={roomId} />}>
      <Head
        title={<><Icon name={channelIcon(channel)} />{channel.name}</>} badge={<Tile letters={markOf(community.name)} hue={community.hue} size="l" />}
        crumbs={[{ label: community.name, href: makeLink({ place: 'community', community: community.slug }) }]} crumbsLabel={t`Du er her`}
        back={{ label: t`Tilbage til kanaler`, href: makeLink({ place: 'channels' }) }}
      >
        {mayNot === null && (
          <Button look="primary" icon="pen" className={styles['newButton']} aria-keyshortcuts="c" onClick={() => onWrite(true)}>
            <span className={styles['newLabel']}><Trans>Nyt emne</Trans></span>
          </Button>
        )}
        <PanelButton panel={panel} label={t`Om kanalen`} />
      </Head>
      <Bar>
        <TopicChips topics={topics ?? []} whole={topics !== null && !older} filter={filter} onFilter={setFilter} phone={phone} />
        <Find className={barFind} label={t`Filtrér emner`} value={query} onChange={setQuery} />
      </Bar>
      <div className={styles['scroll']}>
        <div className={styles['col']}>
          {mayNot !== null && topics !== null && topics.length > 0 && <p className={styles['note']}><Icon name={channelIcon(channel)} />{whyNot(mayNot)}</p>}
          {writing && mayNot === null && <NewTopic address={address} roomId={roomId} onClose={() => onWrite(false)} />}
          {shown && shown.length + (topics?.length ?? 0) > 0 && (
            <ul ref={list} className={styles['list']} role="list" aria-label={t`Emner`} data-hue={community.hue}>
              {filter === 'all' && query === '' && <GeneralRow roomId={roomId} address={address} />}
              {shown.slice(0, pages * PAGE).map((topic) => <TopicRow key={topic.root} topic={topic} address={address} />)}
            </ul>
          )}
          {shown && shown.length > pages * PAGE
            ? <p className={styles['more']}><Button look="second" onClick={() => setPages(pages + 1)}><Trans>Vis ældre emner</Trans></Button></p>
            : topics && topics.length > 0 && <OlderTopics roomId={roomId} />}
        </div>
        {topics === null && !failed && <Skeleton kind="rows" label={t`Henter emner`} />}
        {topics === null && failed && (
          <Blank
            icon="warn" title={t`Vi kunne ikke hente emnerne`} alert
            acts={<Button look="second" icon="refresh" onClick={() => void act.openChannel(address).catch(() => undefined)}><Trans>Prøv igen</Trans></Button>}
          />
        )}
        {topics?.length === 0 && !writing && <NoTopics community={community.name} mayNot={mayNot} address={address} onWrite={() => onWrite(true)} />}
        {shown?.length === 0 && topics !== null && topics.length > 0 && (
          <Blank
            icon="search" title={t`Ingen emner passer til filteret`}
            acts={<Button look="second" onClick={() => { setFilter('all'); setQuery('') }}><Trans>Ryd filtre</Trans></Button>}
          />
        )}
      </div>
    </WithPanel>
  )
}

interface TopicChipsProps {
  readonly topics: readonly Topic[]
  /** All topics are here: only then their numbers are told. */
  readonly whole: boolean
  readonly filter: TopicFilter
  readonly onFilter: (filter: TopicFilter) => void
  readonly phone: boolean
}

function TopicChips({ topics, whole, filter, onFilter, phone }: TopicChipsProps) {
  const of = (value: TopicFilter): number => topics.filter((topic) => passes(topic, value)).length
  const count = (value: TopicFilter): string | undefined => (whole ? number(of(value)) : undefined)
  // What is unread is known, however many topics there are.
  const unread = of('unread')
  const state: readonly Chip<TopicFilter>[] = [
    { value: 'all', label: t`Alle`, count: count('all') },
    { value: 'open', label: t`Åbne`, count: count('open') },
    { value: 'resolved', label: t`Løste`, count: count('resolved') },
  ]
  const mine: readonly Chip<TopicFilter>[] = [
    { value: 'unread', label: t`Ulæste`, count: unread > 0 ? number(unread) : undefined },
    { value: 'followed', label: t`Fulgte` },
  ]
  if (phone) return <Chips label={t`Vis emner`} chips={[...state, ...mine]} chosen={filter} onChoose={onFilter} />
  return (
    <>
      <Chips label={t`Vis emner`} chips={state} chosen={filter} onChoose={onFilter} />
      <BarSplit />
      <Chips label={t`Kun`} chips={mine} chosen={filter} onChoose={(value) => onFilter(value === filter ? 'all' : value)} />
    </>
  )
}

/** "Vis ældre emner": gone when there are no more. */
function OlderTopics({ roomId }: { readonly roomId: RoomId }) {
  const act = useAct()
  const more = useView((known) => known.hasOlderTopics(roomId))
  const [loading, setLoading] = useState(false)
  if (!more) return null
  const load = async (): Promise<void> => {
    setLoading(true)
    await act.loadOlderTopics(roomId).catch(() => false)
    setLoading(false)
  }
  return (
    <p className={styles['more']}>
      <Button look="second" busy={loading} onClick={() => void load()}><Trans>Vis ældre emner</Trans></Button>
    </p>
  )
}

interface NoTopicsProps {
  readonly community: string
  readonly mayNot: string | null
  readonly address: ChannelAddress
  readonly onWrite: () => void
}

function NoTopics({ community, mayNot, address, onWrite }: NoTopicsProps) {
  const general = makeLink({ place: 'conversation', address, root: null, event: null })
  return (
    <Blank
      icon="hash" title={t`Ingen emner endnu`}
      acts={mayNot === null && <Button look="second" icon="pen" onClick={onWrite}><Trans>Nyt emne</Trans></Button>}
    >
      {mayNot === null
        ? <Trans>Stil det første spørgsmål. Alle i {community} kan svare. Du kan også skrive <a href={general}>uden emne</a>.</Trans>
        : whyNot(mayNot)}
    </Blank>
  )
}
