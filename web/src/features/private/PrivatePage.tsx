/** A private chat of two to ten people. */
import { t } from '@lingui/core/macro'
import { useCallback, useMemo } from 'react'

import type { EventId, RoomId } from '../../mx/model'
import { makeLink } from '../../mx/links'
import { Avatar, Stack } from '../../ui/Avatar'
import { Blank } from '../../ui/Blank'
import { ButtonLink } from '../../ui/Button'
import { Head } from '../../ui/Head'
import { Skeleton } from '../../ui/Skeleton'
import { Trans } from '@lingui/react/macro'
import { useView, useWholeView } from '../client'
import { Conversation } from '../conversation/Conversation'
import { chatName, faceOf, organisationOf, peopleInARow } from '../names'
import { goTo } from '../route'
import { useTitle } from '../useTitle'

export function PrivatePage({ roomId, event }: { readonly roomId: RoomId; readonly event: EventId | null }) {
  const view = useWholeView()
  const ready = useView((known) => known.ready())
  const chat = useView((known) => known.privateChats()).find((one) => one.roomId === roomId)
  const conversation = useMemo(() => ({ roomId, root: null }), [roomId])
  const linkTo = useCallback((to: EventId) => ({ place: 'private' as const, roomId, event: to }), [roomId])
  const name = chat ? chatName(view, chat) : t`Privat besked`
  useTitle(name)
  const back = { label: t`Tilbage til beskeder`, href: makeLink({ place: 'messages' }) }
  if (!chat && ready) {
    return (
      <>
        <Head title={name} back={back} />
        <Blank icon="lock" title={t`Samtalen er her ikke`} acts={<ButtonLink look="second" href={makeLink({ place: 'recent' })}><Trans>Se de seneste samtaler</Trans></ButtonLink>}>
          <Trans>Du er ikke med i den, eller linket er ikke helt.</Trans>
        </Blank>
      </>
    )
  }
  const people = chat?.people.map((id) => view.person(id)) ?? []
  const [only] = people
  const faces = people.map(faceOf)
  return (
    <>
      <Head
        title={name} back={back} sub={people.length === 1 && only ? organisationOf(only) : undefined}
        badge={people.length === 1 && only ? <Avatar face={faceOf(only)} /> : <Stack faces={faces} total={faces.length} label={peopleInARow(faces, faces.length)} />}
      />
      {chat
        ? (
            <Conversation
              key={roomId} conversation={conversation} event={event} linkTo={linkTo} community={null} moderator={false}
              label={t`Skriv til ${name}`} placeholder={t`Skriv en besked …`} onLeave={() => goTo({ place: 'recent' })}
            />
          )
        : <Skeleton kind="messages" label={t`Henter beskeder`} />}
    </>
  )
}
