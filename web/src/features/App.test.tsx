import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import axe from 'axe-core'
import { describe, expect, it } from 'vitest'

import '../../test/views/dom'
import { clientOf, keyOf, type TestClient, type World } from '../../test/views/client'
import { messageOf, said } from '../../test/views/messages'
import { personOf } from '../../test/views/people'
import { topicOf } from '../../test/views/topics'
import { worldAt } from '../../test/views/world'
import App from './App'
import { prefer } from './settings/preferences'

const SUPPORT = '#/c/os2display/support'
const TOPIC = `${SUPPORT}/t/sort`
/** What is fetched when it is opened may take its time on a busy machine. */
const FETCHED = { timeout: 20_000 }
const KEY = { roomId: '!os2display.support', root: '$sort' }

async function open(hash: string, changed: Partial<World> = {}): Promise<TestClient> {
  location.hash = hash
  const client = clientOf({ ...worldAt(Date.now()), ...changed })
  render(<App client={client} />)
  await screen.findByRole('main')
  return client
}

const called = (client: TestClient, name: string) => client.calls.filter(([one]) => one === name)
const press = (key: string) => fireEvent.keyDown(document.body, { key })
const hashIs = (hash: string) => waitFor(() => expect(location.hash).toBe(hash))

describe('where one lands', () => {
  it('is Seneste, newest first', async () => {
    await open('')
    const rows = within(screen.getByRole('table')).getAllByRole('rowheader')
    expect(rows[0]?.textContent).toContain('Version 2.4.1')
    expect(document.title).toBe('(12) Seneste · OS2samtale')
  })

  it('shows only what is asked for', async () => {
    await open('')
    fireEvent.click(screen.getByRole('button', { name: 'Private' }))
    expect(within(screen.getByRole('table')).getAllByRole('rowheader')).toHaveLength(3)
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'freja' } })
    expect(within(screen.getByRole('table')).getAllByRole('rowheader')).toHaveLength(1)
  })

  it('has the channel of a row one more step of Tab away, and no other', async () => {
    await open('')
    const stops = [...document.querySelectorAll<HTMLElement>('td a')].map((one) => one.tabIndex)
    expect(stops.slice(0, 3)).toEqual([0, -1, -1])
  })

  it('says so when there is nothing yet', async () => {
    await open('', { topics: {}, chats: [], timelines: {} })
    expect(screen.getByRole('heading', { name: 'Ingen samtaler endnu' })).toBeTruthy()
  })
})

describe('a guest', () => {
  it('is offered neither new private chats nor other communities', async () => {
    const world = worldAt(Date.now())
    const client = await open('', { me: { ...world.me, role: 'guest', guest: true } })
    expect(screen.queryByRole('button', { name: 'Ny privat besked' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Find flere fællesskaber' })).toBeNull()
    press('x')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(client.calls.filter(([name]) => name === 'findPeople')).toEqual([])
  })
})

describe('a community', () => {
  it('still shows an archived channel to who was in it, and to nobody else', async () => {
    const world = worldAt(Date.now())
    const archived = world.communities.map((one) => ({
      ...one, channels: one.channels.map((channel) => ({ ...channel, archived: true, joined: channel.slug === 'support' })),
    }))
    await open('#/c/os2display', { communities: archived })
    const rows = within(screen.getByRole('list', { name: 'Kanaler' })).getAllByRole('link')
    expect(rows.map((row) => row.textContent)).toEqual(['Support (arkiveret)'])
  })
})

describe('a new private chat', () => {
  it('tells how many are found, and says so when there are ten', async () => {
    const people = Array.from({ length: 11 }, (_, n) => personOf(`@p${n}:x`, { name: `Prøve ${n}` }))
    await open('', { people: [...worldAt(Date.now()).people, ...people] })
    press('x')
    const field = await screen.findByRole('combobox', {}, FETCHED)
    expect(field.getAttribute('aria-expanded')).toBe('false')
    for (let n = 0; n < 10; n++) {
      expect(screen.queryByText(/højst være ti/) !== null).toBe(n === 9)
      fireEvent.change(field, { target: { value: 'Prøve' } })
      await screen.findByText(`${11 - n} personer fundet`)
      expect(field.getAttribute('aria-expanded')).toBe('true')
      fireEvent.keyDown(field, { key: 'Enter' })
    }
    expect(within(screen.getByRole('list', { name: 'Valgte personer' })).getAllByRole('listitem')).toHaveLength(9)
  }, 60_000)
})

describe('a topic that was moved', () => {
  it('says where it went, and leads there', async () => {
    await open(TOPIC, { moved: { $sort: { roomId: '!os2display.udvikling', root: '$there' } } })
    expect(screen.getByRole('heading', { name: 'Emnet er flyttet' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Gå til emnet' }).getAttribute('href')).toBe('#/c/os2display/udvikling/t/there')
    expect(screen.queryByRole('textbox')).toBeNull()
  })

  it('does not name a channel that one may not know', async () => {
    await open(TOPIC, { moved: { $sort: { roomId: '!hidden', root: '$there' } } })
    expect(screen.getByText(/en kanal, du ikke er med i/)).toBeTruthy()
    expect(screen.queryByRole('link', { name: 'Gå til emnet' })).toBeNull()
  })
})

describe('the panel', () => {
  it('opens from its button, and what it offers happens', async () => {
    const client = await open(TOPIC)
    fireEvent.click(screen.getByRole('button', { name: 'Om emnet' }))
    const panel = within(await screen.findByRole('complementary', { name: 'Om emnet' }))
    fireEvent.click(await panel.findByRole('radio', { name: 'Intet' }, FETCHED))
    expect(called(client, 'attend')).toEqual([['attend', KEY.roomId, '$sort', 'mute']])
    expect(panel.getByRole('heading', { name: 'Deltagere 5' })).toBeTruthy()
    fireEvent.click(panel.getByRole('button', { name: 'Omdøb' }))
    expect(await screen.findByRole('dialog', { name: 'Omdøb emnet' }, FETCHED)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Luk panelet' }))
    expect(screen.queryByRole('complementary')).toBeNull()
  }, 60_000)

  it('finds a member of the channel', async () => {
    await open(SUPPORT)
    fireEvent.click(screen.getByRole('button', { name: 'Om kanalen' }))
    const panel = within(await screen.findByRole('complementary', { name: 'Om kanalen' }))
    expect(await panel.findByRole('heading', { name: 'Moderatorer 2' }, FETCHED)).toBeTruthy()
    expect(panel.getByRole('heading', { name: 'Medlemmer 6' })).toBeTruthy()
  }, 60_000)
})

describe('opening a topic', () => {
  it('marks it read, and nothing else', async () => {
    const client = await open(TOPIC)
    await waitFor(() => expect(called(client, 'markRead')).toEqual([['markRead', KEY]]))
  })

  it('by a link to a message does not', async () => {
    const client = await open(`${TOPIC}/m2`)
    await waitFor(() => expect(document.activeElement?.getAttribute('data-message')).toBe('$m2'))
    expect(called(client, 'markRead')).toEqual([])
  })

  const withOlder = (pages: number): Partial<World> => {
    const { timelines } = worldAt(Date.now())
    const name = keyOf(KEY)
    const older = Array.from({ length: pages }, (_, page) => [said(messageOf(`$old${page}`, { at: 1000 - page }))])
    return { timelines: { ...timelines, [name]: { ...timelines[name]!, hasOlder: pages > 0 } }, older }
  }

  it('by a link to an old message fetches until it is there, and marks nothing read', async () => {
    const client = await open(`${TOPIC}/old2`, withOlder(5))
    await waitFor(() => expect(document.activeElement?.getAttribute('data-message')).toBe('$old2'))
    expect(called(client, 'loadOlder')).toHaveLength(3)
    expect(called(client, 'markRead')).toEqual([])
  })

  it('by a link to a message that is gone says so, within bounds', async () => {
    const client = await open(`${TOPIC}/ingensteds`, withOlder(40))
    expect(await screen.findByText(/Beskeden er her ikke længere/, {}, FETCHED)).toBeTruthy()
    expect(called(client, 'loadOlder')).toHaveLength(20)
    expect(called(client, 'markRead')).toEqual([])
  }, 60_000)

  it('shows who resolved it and opens it again', async () => {
    const client = await open(TOPIC)
    fireEvent.click(screen.getByRole('button', { name: 'Genåbn' }))
    await waitFor(() => expect(called(client, 'resolve')).toEqual([['resolve', KEY.roomId, '$sort', false]]))
    expect(screen.queryByText('Du kan stadig skrive her.')).toBeNull()
  })

  it('tells guests by the name and knows the moderators', async () => {
    await open(TOPIC)
    expect(screen.getAllByText('(gæst, Leverandøren)').length).toBeGreaterThan(0)
    expect(screen.getByText('moderator')).toBeTruthy()
  })

  it('names the person a mention points at, whatever its sender wrote', async () => {
    const client = await open(TOPIC)
    const html = '<span class="mention" data-user-id="@carla:localhost">@Bo Ek</span> <span class="mention" data-user-id="@nobody:localhost">@Bo Ek</span> ser på det'
    act(() => client.receive(KEY, messageOf('$forged', { sender: '@bo:localhost', at: Date.now(), text: '@Bo Ek ser på det', html })))
    expect(document.querySelector('[data-message="$forged"]')?.textContent).toContain('@Carla Holt @nobody:localhost ser på det')
  })

  it('reads new messages aloud, not one\'s own', async () => {
    const client = await open(TOPIC)
    act(() => client.receive(KEY, messageOf('$x', { sender: '@anna:localhost', at: Date.now(), text: 'Min egen' })))
    expect(screen.getByRole('log').textContent).toBe('')
    act(() => client.receive(KEY, messageOf('$y', { sender: '@carla:localhost', at: Date.now(), text: 'Så er de sat op' })))
    expect(screen.getByRole('log').textContent).toBe('Carla Holt: Så er de sat op')
  })
})

describe('marking read in a list', () => {
  const SLIDES = { roomId: KEY.roomId, root: '$slides' }
  const row = (name: RegExp): HTMLElement => within(screen.getByRole('main')).getByRole('link', { name })
  const button = (name: string): HTMLElement | null => screen.queryByRole('button', { name: `Markér ${name} som læst`, hidden: true })

  it('is done by a key for the row one stands on, and by no other', async () => {
    const client = await open(SUPPORT)
    press('e')
    expect(called(client, 'markRead')).toEqual([])
    act(() => row(/Adgang til slides/).focus())
    press('e')
    expect(called(client, 'markRead')).toEqual([['markRead', SLIDES]])
    expect(row(/^Adgang til slides/)).toBe(document.activeElement)
    press('e')
    expect(called(client, 'markRead')).toHaveLength(1)
    expect(location.hash).toBe(SUPPORT)
  })

  it('is done by the button of the row, which goes and leaves one on the row', async () => {
    const client = await open('')
    expect(button('Bo Ek')).toBeNull()
    act(() => button('Carla Holt')?.focus())
    fireEvent.click(button('Carla Holt') ?? document.body)
    expect(called(client, 'markRead')).toEqual([['markRead', { roomId: '!carla', root: null }]])
    expect(button('Carla Holt')).toBeNull()
    expect(document.activeElement).toBe(within(screen.getByRole('table')).getByRole('link', { name: 'Carla Holt' }))
    expect(screen.getByRole('link', { name: /^Seneste/ }).textContent).toContain('7 ulæste')
  })

  it('goes on with the row that takes the place of one that leaves the list', async () => {
    const client = await open('')
    fireEvent.click(screen.getByRole('button', { name: /^Ulæste/ }))
    const names = (): readonly string[] => within(screen.getByRole('table')).getAllByRole('rowheader').map((one) => one.textContent)
    const before = names()
    act(() => within(screen.getAllByRole('rowheader')[1]!).getByRole('link').focus())
    press('e')
    expect(names()).toEqual(before.toSpliced(1, 1))
    expect(document.activeElement?.textContent).toBe(before[2])
    press('e')
    expect(document.activeElement?.textContent).toBe(before[3])
    expect(called(client, 'markRead')).toHaveLength(2)
  })
})

describe('writing', () => {
  const box = (): HTMLTextAreaElement => screen.getByLabelText('Svar i emnet Skærme går i sort efter opdatering til 2.4', { selector: 'textarea' })

  it('sends with Ctrl+Enter and empties the box', async () => {
    const client = await open(TOPIC)
    fireEvent.change(box(), { target: { value: 'Det prøver vi.' } })
    fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true })
    expect(called(client, 'send')).toEqual([['send', KEY, { text: 'Det prøver vi.', mentions: [] }]])
    expect(box().value).toBe('')
  })

  it('names a person from the suggestions', async () => {
    const client = await open(TOPIC)
    fireEvent.change(box(), { target: { value: 'Hej @bo' } })
    box().setSelectionRange(7, 7)
    fireEvent.select(box())
    expect(screen.getByRole('option', { name: /Bo Ek/ })).toBeTruthy()
    fireEvent.keyDown(box(), { key: 'Tab' })
    expect(box().value).toBe('Hej @Bo Ek ')
    fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true })
    expect(called(client, 'send')[0]?.[2]).toEqual({ text: 'Hej @Bo Ek', mentions: ['@bo:localhost'] })
  })

  it('keeps the draft when one leaves', async () => {
    const client = await open(TOPIC)
    fireEvent.change(box(), { target: { value: 'Halvt færdig' } })
    act(() => {
      location.hash = SUPPORT
    })
    await waitFor(() => expect(called(client, 'saveDraft').at(-1)).toEqual(['saveDraft', KEY, { text: 'Halvt færdig', named: [] }]))
  })

  it('still tells whom one chose when a draft is sent later', async () => {
    const client = await open(TOPIC)
    fireEvent.change(box(), { target: { value: 'Hej @bo' } })
    box().setSelectionRange(7, 7)
    fireEvent.select(box())
    fireEvent.keyDown(box(), { key: 'Tab' })
    act(() => {
      location.hash = SUPPORT
    })
    await screen.findByRole('heading', { name: /Support/ })
    expect(called(client, 'saveDraft').at(-1)?.[2]).toEqual({ text: 'Hej @Bo Ek ', named: [['@bo:localhost', 'Bo Ek']] })
    act(() => {
      location.hash = TOPIC
    })
    await waitFor(() => expect(box().value).toBe('Hej @Bo Ek '))
    fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true })
    expect(called(client, 'send')[0]?.[2]).toEqual({ text: 'Hej @Bo Ek', mentions: ['@bo:localhost'] })
  })

  it('closes the emoji grid by its own button, and by a key gives the focus back', async () => {
    await open(TOPIC)
    const button = (): HTMLElement => screen.getByRole('button', { name: 'Indsæt en emoji' })
    const grid = (): HTMLElement | null => screen.queryByRole('group', { name: 'Vælg en emoji' })
    const click = (): void => {
      fireEvent.pointerDown(button())
      fireEvent.click(button())
    }
    click()
    expect(grid()).toBeTruthy()
    click()
    expect(grid()).toBeNull()
    for (const key of ['Escape', 'Tab']) {
      click()
      fireEvent.keyDown(document.activeElement ?? document.body, { key })
      expect(grid()).toBeNull()
      expect(document.activeElement).toBe(button())
    }
    click()
    fireEvent.pointerDown(document.body)
    expect(grid()).toBeNull()
  })

  it('gives the focus back to the message whose emoji grid is left', async () => {
    await open(TOPIC)
    const [message] = screen.getAllByRole('article', { name: /^Bo Ek/ })
    if (message) act(() => message.focus())
    const react = (): HTMLElement => within(message!).getByRole('button', { name: 'Reager' })
    fireEvent.click(react())
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })
    expect(screen.queryByRole('group', { name: 'Vælg en emoji' })).toBeNull()
    expect(document.activeElement).toBe(message)
    fireEvent.click(react())
    fireEvent.pointerDown(react())
    fireEvent.click(react())
    expect(screen.queryByRole('group', { name: 'Vælg en emoji' })).toBeNull()
  })

  it('answers a message quoting it', async () => {
    const client = await open(TOPIC)
    const [message] = screen.getAllByRole('article', { name: /^Bo Ek/ })
    if (message) act(() => message.focus())
    press('>')
    fireEvent.change(box(), { target: { value: 'Ja' } })
    fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true })
    expect(called(client, 'send')[0]?.[2]).toEqual({ text: 'Ja', mentions: [], quoting: '$m5' })
  })

  it('says why one may not write', async () => {
    await open(TOPIC, { mayNotWrite: { [KEY.roomId]: 'archived' } })
    expect(screen.getByText('Kanalen er arkiveret. Du kan læse med, men ikke skrive.')).toBeTruthy()
    expect(screen.queryByRole('textbox')).toBeNull()
  })

  it('deletes only after one said so again', async () => {
    const client = await open(TOPIC)
    const own = screen.getAllByRole('article', { name: /^Anna Jensen/ })[0]
    if (own) act(() => own.focus())
    fireEvent.click(within(own ?? document.body).getByRole('button', { name: 'Flere handlinger' }))
    fireEvent.click(screen.getByRole('menuitem', { name: 'Slet …' }))
    const dialog = await screen.findByRole('dialog')
    expect(called(client, 'remove')).toEqual([])
    fireEvent.click(within(dialog).getByRole('button', { name: 'Slet beskeden' }))
    await waitFor(() => expect(called(client, 'remove')).toEqual([['remove', KEY, '$m1']]))
  })

  it('takes back one\'s own reaction', async () => {
    const client = await open(TOPIC)
    fireEvent.click(screen.getByRole('button', { name: 'Tommel op: 3, også dig' }))
    expect(called(client, 'toggleReaction')).toEqual([['toggleReaction', KEY, '$m4b', '👍']])
    expect(screen.getByRole('button', { name: 'Tommel op: 2' })).toBeTruthy()
  })
})

describe('a channel', () => {
  it('lists topics with counts, and filters them', async () => {
    await open(SUPPORT)
    const list = (): readonly HTMLElement[] => within(screen.getByRole('list', { name: 'Emner' })).getAllByRole('link')
    expect(list()).toHaveLength(26)
    fireEvent.click(screen.getByRole('button', { name: 'Løste7' }))
    expect(list()).toHaveLength(7)
  })

  it('tells two topics of one name apart by who started them and when', async () => {
    const world = worldAt(Date.now())
    const topics = world.topics[KEY.roomId]!
    const now = Date.now()
    const twins = [
      topicOf('$one', { roomId: KEY.roomId, name: 'Ferie', startedBy: '@bo:localhost', startedAt: now, lastAt: now, lastText: 'Hej' }),
      topicOf('$two', { roomId: KEY.roomId, name: 'ferie', startedBy: '@carla:localhost', startedAt: now, lastAt: now, lastText: 'Hej' }),
    ]
    await open(SUPPORT, { topics: { ...world.topics, [KEY.roomId]: [...twins, ...topics] } })
    for (const list of ['Emner', 'Emner i Support']) {
      const rows = await within(await screen.findByRole('list', { name: list })).findAllByRole('link', { name: /ferie/i })
      expect(rows.map((row) => /Ferie.*(Bo Ek|Carla Holt), i dag kl\./i.exec(row.textContent ?? '')?.[1])).toEqual(['Bo Ek', 'Carla Holt'])
    }
    act(() => {
      location.hash = '#/seneste'
    })
    const rows = await screen.findAllByRole('rowheader', { name: /ferie/i })
    expect(rows.map((row) => row.textContent?.includes('i dag kl.'))).toEqual([true, true])
  })

  it('refuses a name that a live topic has, and keeps the text', async () => {
    const client = await open(SUPPORT)
    press('c')
    fireEvent.change(await screen.findByLabelText('Emnets navn'), { target: { value: ' farver i KALENDERSKABELONEN' } })
    fireEvent.change(screen.getByLabelText('Din besked'), { target: { value: 'Hej' } })
    fireEvent.click(screen.getByRole('button', { name: 'Start emnet' }))
    expect(screen.getByRole('alert').textContent).toContain('allerede et emne')
    expect(called(client, 'startTopic')).toEqual([])
    fireEvent.change(screen.getByLabelText('Emnets navn'), { target: { value: 'Nye farver' } })
    fireEvent.click(screen.getByRole('button', { name: 'Start emnet' }))
    await hashIs(`${SUPPORT}/t/new1`)
    expect(called(client, 'startTopic')).toEqual([['startTopic', KEY.roomId, 'Nye farver', { text: 'Hej', mentions: [] }, []]])
  })

  it('does not pull one back into a topic that starts after one has gone on', async () => {
    let started = (): void => undefined
    const client = await open(SUPPORT, { starting: new Promise((resolve) => (started = resolve)) })
    press('c')
    fireEvent.change(await screen.findByLabelText('Emnets navn'), { target: { value: 'Nye farver' } })
    fireEvent.change(screen.getByLabelText('Din besked'), { target: { value: 'Hej' } })
    const plan = new File(['x'], 'plan.pdf', { type: 'application/pdf' })
    fireEvent.drop(screen.getByLabelText('Din besked'), { dataTransfer: { files: [plan] } })
    fireEvent.click(screen.getByRole('button', { name: 'Start emnet' }))
    expect(called(client, 'startTopic')[0]?.[4]).toEqual([['plan.pdf', null]])
    act(() => {
      location.hash = '#/seneste'
    })
    await screen.findByRole('heading', { name: 'Seneste' })
    await act(async () => started())
    await screen.findByRole('rowheader', { name: /Nye farver/ })
    expect(location.hash).toBe('#/seneste')
    expect(called(client, 'sendFile')).toEqual([])
  })

  it('keeps whom one named in a topic that was begun', async () => {
    const client = await open(SUPPORT)
    press('c')
    const field = (): HTMLTextAreaElement => screen.getByLabelText('Din besked')
    fireEvent.change(await screen.findByLabelText('Emnets navn'), { target: { value: 'Til Bo' } })
    fireEvent.change(field(), { target: { value: 'Hej @bo' } })
    field().setSelectionRange(7, 7)
    fireEvent.select(field())
    fireEvent.keyDown(field(), { key: 'Tab' })
    expect(field().value).toBe('Hej @Bo Ek ')
    fireEvent.click(screen.getByRole('button', { name: 'Luk' }))
    press('c')
    expect((await screen.findByLabelText<HTMLTextAreaElement>('Din besked')).value).toBe('Hej @Bo Ek ')
    fireEvent.click(screen.getByRole('button', { name: 'Start emnet' }))
    await waitFor(() => expect(called(client, 'startTopic')[0]?.[3]).toEqual({ text: 'Hej @Bo Ek', mentions: ['@bo:localhost'] }))
  })

  it('offers no new topic where one may not start one', async () => {
    await open('#/c/os2display/nyheder')
    expect(screen.queryByRole('button', { name: 'Nyt emne' })).toBeNull()
    press('c')
    expect(screen.queryByLabelText('Emnets navn')).toBeNull()
  })

  it('can be tried again when its topics did not come', async () => {
    const client = await open(SUPPORT, { topics: {}, topicsFailed: true })
    const before = called(client, 'openChannel').length
    fireEvent.click(screen.getByRole('button', { name: 'Prøv igen' }))
    expect(called(client, 'openChannel')).toHaveLength(before + 1)
  })
})

describe('keys', () => {
  it('goes to the next unread conversation', async () => {
    const client = await open(TOPIC)
    press('n')
    expect(called(client, 'nextUnread')).toEqual([['nextUnread', KEY]])
    await hashIs('#/c/os2display/nyheder/t/v241')
  })

  it('goes to the next unread private chat', async () => {
    await open('')
    press('p')
    await waitFor(() => expect(location.hash).toBe('#/p/!carla'))
  })

  it('does nothing while one writes, or when single letters are off', async () => {
    await open(TOPIC)
    fireEvent.keyDown(screen.getByRole('textbox'), { key: 't' })
    expect(location.hash).toBe(TOPIC)
    act(() => prefer({ singleKeys: false }))
    press('t')
    expect(location.hash).toBe(TOPIC)
    act(() => prefer({ singleKeys: true }))
    press('t')
    expect(location.hash).toBe('#/seneste')
  })

  it('moves along a toolbar', async () => {
    await open(TOPIC)
    const first = within(screen.getByRole('toolbar', { name: 'Formatering' })).getAllByRole('button')
    act(() => first[0]?.focus())
    fireEvent.keyDown(first[0]!, { key: 'ArrowRight' })
    expect(document.activeElement).toBe(first[1])
    fireEvent.keyDown(first[1]!, { key: 'ArrowLeft' })
    fireEvent.keyDown(first[0]!, { key: 'ArrowLeft' })
    expect(document.activeElement).toBe(first.at(-1))
  })

  it('moves through messages with one tab stop', async () => {
    await open(TOPIC)
    const stops = (): readonly (string | null)[] => [...document.querySelectorAll('[data-message][tabindex="0"]')].map((one) => one.getAttribute('data-message'))
    expect(stops()).toEqual(['$m7'])
    press('k')
    press('k')
    expect(document.activeElement?.getAttribute('data-message')).toBe('$m6')
    expect(stops()).toEqual(['$m6'])
  })
})

describe('the connection', () => {
  it('says when it is gone, and what was not sent', async () => {
    const client = await open(TOPIC)
    act(() => client.connect('offline'))
    expect(screen.getByText(/Du er uden net/)).toBeTruthy()
    act(() => client.receive(KEY, messageOf('~1', { sender: '@anna:localhost', at: Date.now(), text: 'Hej', state: 'failed' })))
    fireEvent.click(screen.getByRole('button', { name: 'Send igen' }))
    expect(called(client, 'retry')).toEqual([['retry', KEY, '~1']])
  })

  it('lets one take back a file that is on its way', async () => {
    const client = await open(TOPIC)
    const attachment = { kind: 'file' as const, name: 'plan.pdf', mxc: '', mimetype: 'application/pdf', size: 3, width: null, height: null, alt: null }
    act(() => client.receive(KEY, messageOf('~1', { sender: '@anna:localhost', at: Date.now(), text: 'plan.pdf', attachment, state: 'sending' })))
    fireEvent.click(screen.getByRole('button', { name: 'Fortryd' }))
    expect(called(client, 'discard')).toEqual([['discard', KEY, '~1']])
  })

  it('shows how far a file is, and reads each quarter aloud', async () => {
    const client = await open(TOPIC)
    const attachment = { kind: 'file' as const, name: 'plan.pdf', mxc: '', mimetype: 'application/pdf', size: 3, width: null, height: null, alt: null }
    act(() => client.receive(KEY, messageOf('~1', { sender: '@anna:localhost', at: Date.now(), text: 'plan.pdf', attachment, state: 'sending' })))
    const bar = screen.getByRole('progressbar', { name: 'Sender plan.pdf' }) as HTMLProgressElement
    const said = within(bar.parentElement!).getByRole('status')
    const heard = [0, 24, 25, 49, 50, 76, 99, 100].map((percent) => {
      act(() => client.upload('~1', percent))
      expect([bar.value, bar.max]).toEqual([percent, 100])
      return said.textContent
    })
    const [quarter, half, most] = [25, 50, 75].map((percent) => `plan.pdf: ${percent} % er sendt`)
    expect(heard).toEqual(['', '', quarter, quarter, half, most, most, ''])
  })

  it('asks one to sign in again when the session is over', async () => {
    const client = await open('', { connection: 'signed-out' })
    fireEvent.click(screen.getByRole('button', { name: 'Log ind igen' }))
    expect(called(client, 'signInAgain')).toHaveLength(1)
  })
})

describe('language', () => {
  it('is English when one asks for it', async () => {
    await open('#/dig')
    fireEvent.click(screen.getByRole('radio', { name: 'English' }))
    expect(await screen.findByRole('heading', { name: 'Your settings' })).toBeTruthy()
    expect(document.documentElement.lang).toBe('en')
    fireEvent.click(screen.getByRole('radio', { name: 'Dansk' }))
    expect(await screen.findByRole('heading', { name: 'Dine indstillinger' })).toBeTruthy()
  })
})

describe('what a page may not lack', () => {
  // Colours and sizes need a layout; a browser checks those.
  it.each(['#/seneste', SUPPORT, TOPIC, '#/p/!carla', '#/dig', '#/c/os2display', '#/c/os2display/support/uden-emne'])('%s passes axe', async (hash) => {
    await open(hash)
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } })
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)).toEqual([])
  }, 60_000)
})
