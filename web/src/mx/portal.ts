/** The portal's JSON API. The shapes of its answers are made from the portal's own (`api-types.ts`). */
import type * as Api from './api-types'
import type { Http } from './http'
import type { Channel, Community, Me, Person, RoomId, UserId } from './model'

/** How many people one request may ask for. */
export const PEOPLE_AT_ONCE = 100

function personOf(raw: Api.Person): Person {
  const { organisation_name: organisationName, ...same } = raw
  return { ...same, organisationName }
}

function meOf(raw: Api.Me): Me {
  const { organisation, server_name: serverName, ...same } = raw
  return { ...same, serverName, guest: raw.role === 'guest', organisation: organisation?.short ?? null, organisationName: organisation?.name ?? null }
}

function channelOf({ slug, name, kind, room_id: roomId, joined, may_join: mayJoin, archived }: Api.Channel): Channel {
  return { slug, name, kind, roomId, joined, mayJoin, archived }
}

function communityOf({ slug, name, summary, hue, joined, moderator, channels }: Api.Community): Community {
  return { slug, name, summary, hue, joined, moderator, channels: channels.map(channelOf) }
}

export class Portal {
  readonly #http: Pick<Http, 'json'>

  constructor(http: Pick<Http, 'json'>) {
    this.#http = http
  }

  /** `early`: the answer to a question asked before there was a portal to ask; null when there is none. */
  async me(early?: Promise<Api.Me | null>): Promise<Me> {
    return meOf((await early) ?? (await this.#http.json<Api.Me>({ path: '/api/me' })))
  }

  async communities(): Promise<readonly Community[]> {
    const { communities } = await this.#http.json<Api.Communities>({ path: '/api/communities' })
    return communities.map(communityOf)
  }

  async join(community: string, join: boolean): Promise<void> {
    await this.#post<Api.Joined>(`/api/communities/${encodeURIComponent(community)}/${join ? 'join' : 'leave'}`)
  }

  /** Makes the room when it is missing and lets the person in. */
  async openChannel(community: string, channel: string): Promise<RoomId> {
    return (await this.#post<Api.Opened>(`/api/channels/${encodeURIComponent(community)}/${encodeURIComponent(channel)}/open`)).room_id
  }

  async findPeople(query: string): Promise<readonly Person[]> {
    return (await this.#http.json<Api.People>({ path: '/api/people', query: { q: query } })).people.map(personOf)
  }

  /** At most `PEOPLE_AT_ONCE` ids; those the portal does not know are missing from the answer. */
  async people(ids: readonly UserId[]): Promise<readonly Person[]> {
    return (await this.#http.json<Api.People>({ path: '/api/people', query: { id: ids } })).people.map(personOf)
  }

  /** Ends this device's tokens, the portal session behind it and this browser's; answers where to go next. */
  async signOut(): Promise<string> {
    return (await this.#http.json<{ next: string }>({ method: 'POST', path: '/api/sign-out', body: {}, cookie: true })).next
  }

  #post<T>(path: string): Promise<T> {
    return this.#http.json<T>({ method: 'POST', path, body: {} })
  }
}
