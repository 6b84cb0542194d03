/** Puts the Matrix layer together and answers the one interface the views know. */
import { StoreActs } from './acts'
import type * as Api from './api-types'
import type { Client } from './client'
import { Database } from './db'
import { SignedOut } from './errors'
import { Http } from './http'
import { Keeping, keepMe, keptMe } from './keeping'
import { Leading } from './leading'
import type { Batch } from './live/source'
import { Loader } from './loading'
import { Media } from './media'
import type { Me } from './model'
import { Outbox } from './outbox'
import { People } from './people'
import { Portal } from './portal'
import { Receipts } from './receipts'
import { Renewal } from './renewal'
import { storedSession, Tokens } from './session'
import { applyBatch, markRead } from './store/reduce'
import { emptyState } from './store/state'
import { Store } from './store/store'
import { Tabs, type Patch, type TabMessage } from './tabs'
import { StoreView } from './view'

const HELLO_AGAIN_MS = 1000

/** Who is signed in: as kept, so that the page comes at once and without a network; else from the portal. */
async function whoAmI(database: Database, portal: Portal, early?: Promise<Api.Me | null>): Promise<{ me: Me; fresh: Promise<Me> }> {
  const session = await storedSession(database)
  if (session === undefined) throw new SignedOut()
  const asked = portal.me(early).then(async (me) => {
    await keepMe(database, me, session.deviceId)
    return me
  })
  asked.catch(() => undefined)
  const kept = await keptMe(database, session.deviceId)
  if (kept === null) return { me: await asked, fresh: asked }
  return { me: kept, fresh: asked }
}

/** The client of one tab. */
export interface Connected extends Client {
  /** Leaves the leading to another tab and stops; what is stored stays. */
  close(): void
}

/** Who it was, when the session has ended: what is kept can be read, and nothing is asked for. */
async function whoWas(database: Database): Promise<{ me: Me; fresh: Promise<Me> }> {
  const me = await keptMe(database, null)
  if (me === null) throw new SignedOut()
  return { me, fresh: Promise.resolve(me) }
}

/** Nothing of the person stays in this browser: not what was fetched or begun, not what was preferred. */
async function wipe(database: Database): Promise<void> {
  localStorage.clear()
  sessionStorage.clear()
  await database.wipe()
}

/**
 * Args:
 *   over: the session has ended, and the portal would not renew it without asking the person.
 *   early: who is signed in, when it has been asked already.
 * Raises: SignedOut, Unreachable, Refused, when nobody can be told who is signed in.
 */
export async function connect(over = false, early?: Promise<Api.Me | null>): Promise<Connected> {
  const database = new Database()
  const tokens = new Tokens(database)
  const http = new Http(tokens)
  const portal = new Portal(http)
  const { me, fresh } = await (over ? whoWas(database) : whoAmI(database, portal, early))
  const store = new Store({ ...emptyState(me), ...(over && { connection: 'signed-out' as const }) })
  const people = new People(portal, database, store)
  const view = new StoreView(store, people)
  const loader = new Loader(http, store, people)
  const media = new Media(http)
  const keeping = new Keeping(database, store)
  const tabs = new Tabs()

  const take = (batch: Batch): void => {
    store.change((state) => applyBatch(state, batch))
    void loader.mend()
  }
  const share = (batch: Batch): void => {
    tabs.tell({ type: 'batch', batch })
    take(batch)
  }
  const spread = (patch: Patch): void => {
    tabs.tell({ type: 'patch', patch })
    store.change((state) => ({ ...state, ...patch }))
  }
  const outbox = new Outbox({
    database, http, media, store, share,
    shareUploads: (uploads) => spread({ uploads }),
    nameOf: (id) => store.state.people.get(id)?.name ?? id,
    announce: () => tabs.tell({ type: 'outbox' }),
  })
  const receipts = new Receipts({ http, store })
  const refreshCommunities = async (): Promise<void> => {
    spread({ communities: await portal.communities() })
  }
  let closed = false
  const close = (): void => {
    if (closed) return
    closed = true
    leading.stop()
    renewal.stop()
    people.stop()
    outbox.stop()
    receipts.stop()
    keeping.stop()
    tabs.close()
  }
  const acts = new StoreActs({
    http, portal, database, store, view, people, loader, outbox, receipts, media, tabs, share, refreshCommunities,
    leave: async (next) => {
      tabs.tell({ type: 'signed-out', next })
      close()
      await wipe(database)
      for (const name of 'caches' in globalThis ? await caches.keys() : []) await caches.delete(name)
      location.assign(next)
    },
    signInAgain: () => void renewal.askPerson(),
  })
  const renewal = new Renewal({ database, tokens, store })
  const leading = new Leading({ http, store, loader, outbox, receipts, keeping, tabs, acts, share, refreshCommunities })

  await keeping.restore()
  await people.restore()
  people.learn([me])
  void fresh.then((known) => store.change((state) => ({ ...state, me: known })), () => undefined)
  await outbox.reload()

  tabs.hear((message) => followed(message))
  let following = false
  function followed(message: TabMessage): void {
    switch (message.type) {
      case 'hello': {
        const { position, connection, ready, rooms, direct, communities, uploads } = store.state
        if (tabs.leading) tabs.tell({ type: 'snapshot', snapshot: { position, connection, ready, rooms, direct, communities, uploads } })
        break
      }
      case 'snapshot':
        if (!tabs.leading && !following) store.change((state) => ({ ...state, ...message.snapshot }))
        following = true
        break
      case 'batch':
        // Before the snapshot a batch would leave a hole; the snapshot holds it.
        if (tabs.leading || following) take(message.batch)
        break
      case 'patch':
        store.change((state) => ({ ...state, ...message.patch }))
        break
      case 'read':
        store.change((state) => markRead(state, message.roomId, message.thread, message.mark))
        break
      case 'outbox':
        void outbox.reload()
        break
      case 'draft':
        store.change((state) => ({ ...state, drafts: new Map(state.drafts).set(message.key, message.draft) }))
        break
      case 'signed-out':
        close()
        void wipe(database).then(() => location.assign(message.next))
        break
      default:
        message satisfies never
    }
  }

  renewal.watch(over)
  if (over) return { view, act: acts, close }
  tabs.stand(() => leading.start())
  const greet = (): void => {
    if (closed || tabs.leading || following) return
    tabs.tell({ type: 'hello' })
    setTimeout(greet, HELLO_AGAIN_MS)
  }
  setTimeout(greet, 0)
  return { view, act: acts, close }
}
