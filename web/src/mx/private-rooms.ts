/** Private chats: found among those that are there, or made. */
import type { Http } from './http'
import type { Batch } from './live/source'
import type { Loader } from './loading'
import type { RoomId, UserId } from './model'
import { isPrivate, knownMembers } from './store/rooms'
import type { Room } from './store/state'
import type { Store } from './store/store'

interface Parts {
  readonly http: Pick<Http, 'json'>
  readonly store: Store
  readonly loader: Pick<Loader, 'members'>
  readonly share: (batch: Batch) => void
}

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((one) => b.has(one))

export class PrivateRooms {
  readonly #parts: Parts
  readonly #making = new Map<string, Promise<RoomId>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The chat with exactly these people; several clicks make one room. */
  open(people: readonly UserId[]): Promise<RoomId> {
    const others = new Set(people.filter((id) => id !== this.#parts.store.state.me.id))
    const name = [...others].sort().join(' ')
    let making = this.#making.get(name)
    if (!making) {
      making = this.#open(others).finally(() => this.#making.delete(name))
      this.#making.set(name, making)
    }
    return making
  }

  async #open(others: ReadonlySet<UserId>): Promise<RoomId> {
    return (await this.#existing(others)) ?? this.#create(others)
  }

  async #existing(others: ReadonlySet<UserId>): Promise<RoomId | null> {
    const { store, loader } = this.#parts
    const size = (room: Room): number => Math.max(room.joined + room.invited, knownMembers(room).length)
    const candidates = [...store.state.rooms.values()].filter((room) => isPrivate(room) && size(room) - 1 === others.size)
    for (const { id } of candidates) {
      const room = store.state.rooms.get(id)
      // The server names five people at most; beyond that the list is asked for.
      if (room && room.members === null && others.size > 5) await loader.members(id).catch(() => undefined)
      const known = knownMembers(store.state.rooms.get(id) ?? candidates[0]!)
      if (sameSet(new Set(known.filter((one) => one !== store.state.me.id)), others)) return id
    }
    return null
  }

  async #create(others: ReadonlySet<UserId>): Promise<RoomId> {
    const { http, store, share } = this.#parts
    const { id: self } = store.state.me
    const { room_id: roomId } = await http.json<{ room_id: RoomId }>({
      method: 'POST', path: '/_matrix/client/v3/createRoom', body: { preset: 'private_chat', is_direct: true, invite: [...others], visibility: 'private' },
    })
    const member = (key: UserId, membership: string): Batch['rooms'][number]['state'][number] => ({
      type: 'm.room.member', key, id: '', at: 0, sender: self, content: { membership },
    })
    const create = { type: 'm.room.create', key: '', id: '', at: 0, sender: self, content: {} }
    const direct = { ...store.state.direct }
    for (const other of others) direct[other] = [...(direct[other] ?? []), roomId]
    // Shown at once; what the live source brings later takes its place.
    share({
      position: null,
      rooms: [{
        roomId, membership: 'join', events: [], limited: false, heroes: [...others], joined: 1, invited: others.size,
        state: [create, member(self, 'join'), ...[...others].map((id) => member(id, 'invite'))],
      }],
      direct,
    })
    await http
      .json({ method: 'PUT', path: `/_matrix/client/v3/user/${encodeURIComponent(self)}/account_data/m.direct`, body: direct })
      .catch(() => undefined)
    return roomId
  }
}
