// Made by `python -m samtale.portal.api.typescript` from src/samtale/portal/api/shapes.py: change it there.

export type Role = 'member' | 'guest' | 'administrator' | 'owner'

export type Language = 'da' | 'en'

export type ChannelKind = 'open' | 'closed' | 'announcement'

export type Hue = 'rav' | 'korn' | 'mos' | 'skov' | 'hav' | 'fjord' | 'himmel' | 'bolge' | 'viol' | 'lyng'

/** `cvr`: eight digits; null for an organisation without one. */
export interface Organisation {
  name: string
  short: string
  cvr: string | null
}

/** `GET /api/me`. `id`: the Matrix user id; `demo`: all is made up; `moderates`: slugs. */
export interface Me {
  id: string
  name: string
  email: string
  role: Role
  organisation: Organisation | null
  language: Language
  demo: boolean
  server_name: string
  moderates: string[]
}

/** `room_id`: null until somebody opens the channel for the first time. */
export interface Channel {
  slug: string
  name: string
  kind: ChannelKind
  room_id: string | null
  joined: boolean
  may_join: boolean
  archived: boolean
  default: boolean
}

/** `moderator`: the person who asks moderates it. */
export interface Community {
  slug: string
  name: string
  summary: string
  hue: Hue
  space_id: string | null
  joined: boolean
  moderator: boolean
  channels: Channel[]
}

/** `GET /api/communities`: only what the person may know of. */
export interface Communities {
  communities: Community[]
}

/** `POST /api/communities/SLUG/join` and `/leave`. */
export interface Joined {
  joined: boolean
}

/** `POST /api/channels/COMMUNITY/CHANNEL/open`: the person is in the room. */
export interface Opened {
  room_id: string
}

/** `name`: the bare name; a guest is shown as "Navn (gæst, Organisation)". `moderates`: slugs. */
export interface Person {
  id: string
  name: string
  organisation: string | null
  organisation_name: string | null
  role: Role
  guest: boolean
  moderates: string[]
}

/** `GET /api/people?q=` and `?id=`. */
export interface People {
  people: Person[]
}

/** Every answer that is not 2xx. `message`: a sentence for the person; `field`: which input. */
export interface Failure {
  error: string
  message: string
  field: string | null
}
