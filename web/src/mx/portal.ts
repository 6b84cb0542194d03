/** The portal's JSON API, parsed at its border. */
import type { Http } from './http'
import type { Channel, Community, Hue, Me, Person, RoomId, UserId } from './model'
import { record, text, texts, type Json } from './protocol'

const HUES: readonly Hue[] = ['rav', 'korn', 'mos', 'skov', 'hav', 'fjord', 'himmel', 'bolge', 'viol', 'lyng']
const ROLES = ['member', 'guest', 'administrator', 'owner'] as const
const KINDS = ['open', 'closed', 'announcement'] as const

/** How many people one request may ask for. */
export const PEOPLE_AT_ONCE = 100

const oneOf = <T extends string>(allowed: readonly T[], value: unknown, otherwise: T): T => allowed.find((one) => one === value) ?? otherwise

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(record) : [])

function personOf(raw: Json): Person {
  const role = oneOf(ROLES, raw['role'], 'member')
  const id = text(raw['id']) ?? ''
  return {
    id,
    name: text(raw['name']) ?? id,
    organisation: text(raw['organisation']),
    organisationName: text(raw['organisation_name']),
    role,
    guest: raw['guest'] === true || role === 'guest',
    moderates: texts(raw['moderates']),
  }
}

function meOf(raw: Json): Me {
  const organisation = record(raw['organisation'])
  const role = oneOf(ROLES, raw['role'], 'member')
  return {
    id: text(raw['id']) ?? '',
    name: text(raw['name']) ?? '',
    organisation: text(organisation['short']),
    organisationName: text(organisation['name']),
    role,
    guest: role === 'guest',
    moderates: texts(raw['moderates']),
    email: text(raw['email']) ?? '',
    language: oneOf(['da', 'en'] as const, raw['language'], 'da'),
    demo: raw['demo'] === true,
    serverName: text(raw['server_name']) ?? '',
  }
}

function channelOf(raw: Json): Channel {
  return {
    slug: text(raw['slug']) ?? '',
    name: text(raw['name']) ?? '',
    kind: oneOf(KINDS, raw['kind'], 'open'),
    roomId: text(raw['room_id']),
    joined: raw['joined'] === true,
    mayJoin: raw['may_join'] === true,
    archived: raw['archived'] === true,
  }
}

function communityOf(raw: Json): Community {
  return {
    slug: text(raw['slug']) ?? '',
    name: text(raw['name']) ?? '',
    summary: text(raw['summary']) ?? '',
    hue: oneOf(HUES, raw['hue'], 'fjord'),
    joined: raw['joined'] === true,
    moderator: raw['moderator'] === true,
    channels: list(raw['channels']).map(channelOf),
  }
}

export class Portal {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  async me(): Promise<Me> {
    return meOf(record(await this.#http.json({ path: '/api/me' })))
  }

  async communities(): Promise<readonly Community[]> {
    return list(record(await this.#http.json({ path: '/api/communities' }))['communities']).map(communityOf)
  }

  async join(community: string, join: boolean): Promise<void> {
    await this.#http.json({ method: 'POST', path: `/api/communities/${encodeURIComponent(community)}/${join ? 'join' : 'leave'}`, body: {} })
  }

  async openChannel(community: string, channel: string): Promise<RoomId> {
    const path = `/api/channels/${encodeURIComponent(community)}/${encodeURIComponent(channel)}/open`
    return text(record(await this.#http.json({ method: 'POST', path, body: {} }))['room_id']) ?? ''
  }

  async findPeople(query: string, signal?: AbortSignal): Promise<readonly Person[]> {
    return list(record(await this.#http.json({ path: '/api/people', query: { q: query }, signal }))['people']).map(personOf)
  }

  /** At most `PEOPLE_AT_ONCE` ids; those the portal does not know are missing from the answer. */
  async people(ids: readonly UserId[]): Promise<readonly Person[]> {
    return list(record(await this.#http.json({ path: '/api/people', query: { id: ids } }))['people']).map(personOf)
  }

  /** Ends this device's tokens and the portal session behind it; answers where to go next. */
  async signOut(): Promise<string> {
    return text(record(await this.#http.json({ method: 'POST', path: '/api/sign-out', body: {} }))['next']) ?? '/adgang/logget-ud/'
  }
}
