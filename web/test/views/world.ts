/** A small made-up world with one of everything the views can show. `now` is the moment it is looked at. */
import type { Community, Hue, Me, Person, PrivateChat, Timeline, Topic } from '../../src/mx/model'
import { keyOf, type World } from './client'
import { messageOf, noted, noticeOf, said } from './messages'
import { personOf } from './people'
import { topicOf } from './topics'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** The picture of a message: a grey screen. */
const PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='320' height='180'%3E%3Crect width='320' height='180' fill='%23cfdcdc'/%3E%3Crect x='118' y='30' width='136' height='80' rx='3' fill='%2326363a'/%3E%3C/svg%3E"

const anna: Me = {
  ...personOf('@anna:localhost'), email: 'anna.jensen@aarhus.example', language: 'da', demo: true, serverName: 'localhost',
}

const people: readonly Person[] = [
  anna,
  personOf('@bo:localhost', { name: 'Bo Ek', moderates: ['os2display'] }),
  personOf('@carla:localhost', { name: 'Carla Holt', organisation: 'Midtjylland', organisationName: 'Region Midtjylland' }),
  personOf('@dorthe:localhost', { name: 'Dorthe Holm', organisation: 'Leverandøren', organisationName: 'Leverandøren ApS', role: 'guest', guest: true }),
  personOf('@freja:localhost', { name: 'Freja Lund', organisation: 'OS2', organisationName: 'OS2', role: 'administrator', moderates: ['os2display'] }),
  personOf('@line:localhost', { name: 'Line Bach', organisation: 'Odense', organisationName: 'Odense Kommune' }),
]

const [, bo = '', carla = '', dorthe = '', freja = '', line = ''] = people.map((person) => person.id)

interface Told {
  readonly root: string
  readonly name: string
  readonly at: number
  readonly by: string
  readonly text: string
  readonly who: readonly string[]
  readonly messages: number
  readonly extra?: Partial<Topic>
}

function topicsOf(roomId: string, told: readonly Told[]): readonly Topic[] {
  return told.map(({ root, name, at, by, text, who, messages, extra }) => topicOf(root, {
    roomId, name, lastAt: at, lastSender: by, lastText: text, participants: who, messages, participated: who.includes(anna.id), ...extra,
  }))
}

function community(slug: string, name: string, hue: Hue, channels: readonly string[], joined = true): Community {
  return {
    slug, name, hue, joined, moderator: false, summary: `Det, vi laver sammen om ${name}`,
    channels: channels.map((channel) => ({
      slug: channel.toLowerCase().replaceAll('å', 'aa'), name: channel, joined: true, mayJoin: true, archived: false, roomId: `!${slug}.${channel.toLowerCase()}`,
      kind: channel === 'Nyheder' ? 'announcement' : channel === 'Koordination' ? 'closed' : 'open',
    })),
  }
}

export function worldAt(now: number): World {
  const today = (hours: number, minutes: number): number => {
    const at = new Date(now).setHours(hours, minutes, 0, 0)
    return at <= now ? at : now - MINUTE
  }
  const before = (days: number, hours: number, minutes: number): number => new Date(now - days * DAY).setHours(hours, minutes, 0, 0)
  const support = '!os2display.support'
  const everyone = [anna.id, dorthe, bo, carla, line]
  const supportTopics = topicsOf(support, [
    { root: '$sort', name: 'Skærme går i sort efter opdatering til 2.4', at: today(10, 24), by: carla, text: 'Vi stiller gerne fem skærme til rådighed i Viborg.', who: everyone, messages: 14, extra: { resolved: true, resolvedBy: bo, resolvedAt: today(10, 31), unread: { count: 2, highlight: 1 }, attention: 'follow', mentioned: true } },
    { root: '$slides', name: 'Adgang til slides for skoler', at: today(9, 52), by: line, text: 'Vi har 14 skoler, som selv vil lægge slides op.', who: [line, bo, anna.id, carla, freja, dorthe], messages: 31, extra: { unread: { count: 3, highlight: 0 } } },
    { root: '$farver', name: 'Farver i kalenderskabelonen', at: today(8, 31), by: carla, text: 'Kontrasten på gul er 2,9. Vi har et forslag til en palet.', who: [carla, dorthe], messages: 6, extra: { unread: { count: 1, highlight: 0 } } },
    { root: '$zoom', name: 'Zoom på 4K-skærme i byrådssalen', at: before(3, 14, 0), by: dorthe, text: 'Sæt skaleringen til 1 i afspilleren, så passer det.', who: [dorthe, anna.id, bo, line], messages: 9 },
    { root: '$nye', name: 'Nye skærme i 12 biblioteker', at: before(3, 9, 0), by: anna.id, text: 'Vi deler gerne vores indkøbsliste, når den er godkendt.', who: [anna.id, carla, bo, line], messages: 12, extra: { attention: 'follow' } },
    { root: '$vejr', name: 'Vejr og klokkeslæt en time bagud', at: before(4, 9, 0), by: bo, text: 'Tidszonen var UTC i afspilleren. Vejledningen er rettet.', who: [bo, line], messages: 5 },
    { root: '$noed', name: 'Sådan laver I en nødbesked', at: before(4, 8, 0), by: freja, text: 'Tak, den skal med i vejledningen om beredskab.', who: [bo, freja, carla, line, anna.id], messages: 18 },
    { root: '$beslag', name: 'Hvem har et godt beslag til væg?', at: before(5, 8, 0), by: line, text: 'Vi bruger dem fra rammeaftalen, men de er dyre.', who: [line, anna.id, bo], messages: 40, extra: { attention: 'mute' } },
    { root: '$skift', name: 'Skift af leverandør til afspillere', at: before(6, 8, 0), by: carla, text: 'Vi skriver erfaringerne sammen, når pilotforløbet slutter.', who: [carla, bo], messages: 8 },
    { root: '$regneark', name: 'Slides fra regneark', at: before(7, 8, 0), by: anna.id, text: 'Kan man trække tal direkte fra et regneark i SharePoint?', who: [anna.id], messages: 3 },
    ...Array.from({ length: 14 }, (_, index): Told => ({
      root: `$gammel${index}`, name: `Ældre emne nummer ${index + 1}`, at: before(20 + index, 9, 0), by: bo, text: 'Tak for hjælpen.', who: [bo, line], messages: 4,
      extra: { resolved: index > 7 },
    })),
    { root: '$unavngivet', name: 'Har nogen prøvet den nye afspiller på en ældre skærm uden net?', at: before(40, 9, 0), by: line, text: 'Nej, ikke endnu.', who: [line], messages: 2, extra: { named: false } },
  ])
  const chats: readonly PrivateChat[] = [
    { roomId: '!carla', name: null, people: [carla], lastAt: today(10, 2), lastText: 'Har du to minutter?', lastSender: carla, unread: { count: 1, highlight: 1 } },
    { roomId: '!bo', name: null, people: [bo], lastAt: before(1, 15, 0), lastText: 'Tak!', lastSender: bo, unread: { count: 0, highlight: 0 } },
    { roomId: '!gruppe', name: null, people: [line, freja], lastAt: before(4, 15, 0), lastText: 'Vi ses.', lastSender: anna.id, unread: { count: 0, highlight: 0 } },
  ]
  return {
    me: anna, people, chats, picture: PICTURE, members: people.map((person) => person.id),
    mayNotStart: { '!os2display.nyheder': 'announcement' },
    communities: [
      community('os2display', 'OS2display', 'himmel', ['Nyheder', 'Generelt', 'Support', 'Udvikling', 'Koordination']),
      community('os2forms', 'OS2forms', 'skov', ['Nyheder', 'Udvikling']),
      community('os2faktor', 'OS2faktor', 'viol', ['Support']),
      community('os2mo', 'OS2mo', 'korn', ['Generelt']),
      community('os2-faelles', 'OS2 Fælles', 'fjord', ['Spørg om alt']),
      community('os2iot', 'OS2iot', 'mos', ['Generelt'], false),
    ],
    topics: {
      '!os2display.nyheder': topicsOf('!os2display.nyheder', [
        { root: '$v241', name: 'Version 2.4.1 udkommer på onsdag', at: today(10, 35), by: bo, text: 'Den retter hukommelsen.', who: [bo], messages: 1, extra: { unread: { count: 1, highlight: 0 }, attention: 'follow' } },
      ]),
      '!os2display.generelt': [],
      [support]: supportTopics,
      '!os2forms.udvikling': topicsOf('!os2forms.udvikling', [
        { root: '$mitid', name: 'MitID Erhverv i blanketter med flere parter', at: before(1, 15, 0), by: line, text: 'Det er med i næste udgave.', who: [line, freja, dorthe, bo, carla, anna.id], messages: 8, extra: { unread: { count: 2, highlight: 0 } } },
        { root: '$post', name: 'Digital Post: fejl 4021 efter skift af certifikat', at: before(1, 12, 0), by: freja, text: 'Prøv at hente det igen.', who: [freja, carla, line], messages: 8, extra: { unread: { count: 1, highlight: 0 } } },
      ]),
      '!os2faktor.support': topicsOf('!os2faktor.support', [
        { root: '$kode', name: 'Ny kode til elever uden telefon', at: before(3, 8, 0), by: carla, text: 'Vi printer dem.', who: [carla, bo], messages: 8, extra: { unread: { count: 1, highlight: 0 } } },
      ]),
      '!os2mo.generelt': topicsOf('!os2mo.generelt', [
        { root: '$orlov', name: 'Orlov og vikarer i organisationstræet', at: before(1, 10, 0), by: line, text: 'Godt spørgsmål.', who: [anna.id, line, bo], messages: 8, extra: { attention: 'follow' } },
      ]),
      '!os2-faelles.spørg om alt': topicsOf('!os2-faelles.spørg om alt', [
        { root: '$aftale', name: 'Databehandleraftale for små leverandører', at: before(5, 10, 0), by: freja, text: 'Skabelonen ligger nu fremme.', who: [freja, bo, line], messages: 8, extra: { resolved: true } },
      ]),
    },
    timelines: {
      [keyOf({ roomId: support, root: '$sort' })]: sortTimeline(today, before),
      [keyOf({ roomId: '!carla', root: null })]: {
        ...CALM, items: [
          said(messageOf('$c1', { sender: anna.id, at: before(1, 9, 0), text: 'Tak for sidst!' })),
          said(messageOf('$c2', { sender: carla, at: today(10, 2), text: 'Har du to minutter? Det gælder https://example.org/sag/412.', mentionsMe: true })),
        ],
        firstUnread: '$c2', readUpTo: before(1, 9, 0),
      },
    },
  }
}

const CALM: Timeline = { items: [], hasOlder: false, loading: false, failed: false, firstUnread: null, readUpTo: 0 }

function sortTimeline(today: (hours: number, minutes: number) => number, before: (days: number, hours: number, minutes: number) => number): Timeline {
  const code = '<p>Tak for loggen. Klienten løber tør for hukommelse, når den henter billeder i fuld størrelse. Prøv at sætte et loft og genstart tjenesten:</p><pre><code class="language-env"># loft over billedlageret, i MB\nCLIENT_IMAGE_CACHE_MB=96\nCLIENT_MAX_IMAGE_WIDTH=1920\n</code></pre>'
  const picture = { kind: 'image' as const, name: 'forhal-raadhuset.jpg', mxc: 'mxc://localhost/a', mimetype: 'image/jpeg', size: 1_200_000, width: 1280, height: 720, alt: 'Sort skærm i forhallen' }
  const log = { kind: 'file' as const, name: 'skaermlog-uge47.txt', mxc: 'mxc://localhost/b', mimetype: 'text/plain', size: 48_000, width: null, height: null, alt: null }
  return {
    ...CALM, firstUnread: '$m6', readUpTo: today(9, 10),
    items: [
      said(messageOf('$m1', { at: before(3, 14, 12), html: '<p>Efter opdateringen til <strong>2.4</strong> i nat går omkring 40 af vores 310 skærme i sort efter ti minutter. De kommer igen efter en genstart, men kun kort. Det er kun dem på Raspberry Pi 4. Er der andre, der ser det samme?</p>', text: 'Efter opdateringen …' })),
      said(messageOf('$m1b', { at: before(3, 14, 13), text: picture.alt, attachment: picture })),
      said(messageOf('$m2', { sender: carla, at: before(3, 14, 31), text: 'Ja, samme her. Seks skærme i Viborg, alle Pi 4 med 2 GB. Pi 5 kører fint.', reactions: [{ emoji: '👀', people: [anna.id, bo, line], mine: false }] })),
      said(messageOf('$m3', { sender: dorthe, at: before(3, 15, 2), html: code, text: 'Tak for loggen …', edited: true })),
      said(messageOf('$m3b', { sender: line, at: before(3, 15, 4), text: '', deleted: true })),
      said(messageOf('$m4', { at: today(8, 47), text: 'Ti skærme har kørt med 96 MB hele weekenden, og ingen er gået i sort. Loggen er vedhæftet.', quoted: { id: '$m3', sender: dorthe, text: 'Prøv at sætte et loft og genstart tjenesten' } })),
      said(messageOf('$m4b', { at: today(8, 48), text: log.name, attachment: log, reactions: [{ emoji: '🎉', people: [bo, carla, dorthe, line], mine: false }, { emoji: '👍', people: [anna.id, bo, carla], mine: true }] })),
      said(messageOf('$m5', { sender: bo, at: today(9, 5), html: '<p>Dejligt! <span class="mention" data-user-id="@dorthe:localhost">@Dorthe Holm</span>, kan loftet komme med som standard i 2.4.1? Jeg har oprettet <a href="https://example.org/412">en sag</a>.</p>', text: 'Dejligt! …' })),
      said(messageOf('$m6', { sender: dorthe, at: today(10, 18), html: '<p>Ja, det er flettet ind, og 2.4.1 udkommer på onsdag. <span class="mention" data-user-id="@anna:localhost">@Anna Jensen</span>, vil I prøve den på de ti skærme først?</p>', text: 'Ja …', mentionsMe: true })),
      said(messageOf('$m7', { sender: carla, at: today(10, 24), text: 'Vi stiller gerne fem skærme til rådighed i Viborg.' })),
      noted(noticeOf('$n1', { at: today(10, 31), kind: 'resolved' })),
    ],
  }
}
