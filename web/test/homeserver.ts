/** As much of a homeserver and a portal as one room needs, over real HTTP. */
import { channelState, heading, ME, message, ROOM, sync } from './room'
import { TestServer, type Answered, type Asked } from './server'
import type { RawEvent } from '../src/mx/protocol'

export class TestHomeserver {
  readonly server = new TestServer((asked) => this.#answer(asked))
  /** Position n: the events 0…n-1 have been told. */
  readonly #events: RawEvent[] = [heading('$root', 10, 'Emne'), message('$first', 20, { 'm.relates_to': { rel_type: 'm.thread', event_id: '$root' } })]
  #wake: Array<() => void> = []
  #transactions = new Map<string, string>()
  refreshes = 0
  nameOf = (id: string): string => `Navn ${id}`
  /** What a read receipt is answered with. */
  receiptStatus = 200
  /** No message gets through. */
  down = false
  /** How many messages are unread, by thread, as told with the next ones. */
  counts: Readonly<Record<string, number>> | undefined
  /** The newest message of the topic as the list of topics tells it; the live source does not. */
  latest: RawEvent | undefined
  /** The newest message of the general chat, for who asks for it; none: the request is refused. */
  general: RawEvent | undefined

  /** Event ids of what was sent, in order, each once. */
  get sent(): readonly string[] {
    return [...this.#transactions.values()]
  }

  syncs(): readonly Asked[] {
    return this.server.asked.filter(({ path }) => path.endsWith('/sync'))
  }

  say(event: RawEvent): void {
    this.#events.push(event)
    for (const wake of this.#wake.splice(0)) wake()
  }

  async #answer(asked: Asked): Promise<Answered> {
    const { method, path, query, body } = asked
    if (path === '/api/me') return { json: { id: ME, name: 'Mig', email: 'me@example.org', role: 'member', organisation: null, language: 'da', demo: false, server_name: 'localhost', moderates: [] } }
    if (path === '/api/communities') {
      const channels = [{ slug: 'support', name: 'Support', kind: 'open', room_id: ROOM, joined: true, may_join: true, archived: false }]
      return { json: { communities: [{ slug: 'os2display', name: 'OS2display', summary: '', hue: 'hav', joined: true, moderator: false, channels }] } }
    }
    if (path === '/api/people') return { json: { people: query.getAll('id').map((id) => ({ id, name: this.nameOf(id), organisation: null, organisation_name: null, role: 'member', guest: false, moderates: [] })) } }
    if (path === '/api/sign-out') return { json: { next: '/adgang/logget-ud/' } }
    if (path.endsWith('/sync')) return this.#sync(query)
    if (path.endsWith('/threads')) return { json: { chunk: [this.#topic()] } }
    if (path.endsWith('/messages') && this.general) return { json: { chunk: [this.general] } }
    if (path.endsWith('/joined_members')) return { json: { joined: { [ME]: {}, '@anna:localhost': {} } } }
    if (path.includes('/relations/')) return { json: { chunk: this.#events.slice(1).toReversed() } }
    if (path.includes('/receipt/')) return { status: this.receiptStatus, json: {} }
    if (path.includes('/send/') && this.down) return { status: 502 }
    if (path.includes('/send/') && method === 'PUT') return this.#send(decodeURIComponent(path.split('/').at(-1) ?? ''), body)
    return { status: 404, json: { errcode: 'M_UNRECOGNIZED', error: `${method} ${path}` } }
  }

  #topic(): RawEvent | undefined {
    const [root] = this.#events
    if (!root || !this.latest) return root
    return { ...root, unsigned: { 'm.relations': { 'm.thread': { latest_event: this.latest, count: 2, current_user_participated: false } } } }
  }

  async #sync(query: URLSearchParams): Promise<Answered> {
    const since = query.get('since')
    const from = since === null ? null : Number(since.slice(1))
    if (from !== null && from >= this.#events.length && query.get('timeout') !== '0') await new Promise<void>((resolve) => this.#wake.push(resolve))
    const position = `s${this.#events.length}`
    if (from === null) return { json: sync(position, { state: channelState(), events: this.#events.slice(-1), counts: {} }) }
    return { json: from < this.#events.length ? sync(position, { events: this.#events.slice(from), ...(this.counts && { counts: this.counts }) }) : { next_batch: position } }
  }

  #send(transaction: string, body: string): Answered {
    const known = this.#transactions.get(transaction)
    if (known !== undefined) return { json: { event_id: known } }
    const id = `$sent${this.#transactions.size + 1}`
    this.#transactions.set(transaction, id)
    this.say({
      event_id: id, type: 'm.room.message', sender: ME, origin_server_ts: Date.now(), content: JSON.parse(body) as RawEvent['content'], unsigned: { transaction_id: transaction },
    })
    return { json: { event_id: id } }
  }
}
