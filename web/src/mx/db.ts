/** IndexedDB: what survives a reload. One database, cleared when the person signs out. */

export type StoreName = 'session' | 'kept' | 'rooms' | 'people' | 'outbox' | 'drafts'

const NAME = 'os2samtale'
const VERSION = 1
const STORES: readonly StoreName[] = ['session', 'kept', 'rooms', 'people', 'outbox', 'drafts']

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(transaction.error))
    transaction.addEventListener('error', () => reject(transaction.error))
  })
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION)
  request.addEventListener('upgradeneeded', () => {
    for (const store of STORES) {
      if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store)
    }
  })
  return done(request)
}

export class Database {
  #opened: Promise<IDBDatabase> | null = null
  #sealed = false

  async get<T>(store: StoreName, key: string): Promise<T | undefined> {
    const transaction = await this.#transaction([store], 'readonly')
    return done<T | undefined>(transaction.objectStore(store).get(key))
  }

  async all<T>(store: StoreName): Promise<Map<string, T>> {
    const transaction = await this.#transaction([store], 'readonly')
    const from = transaction.objectStore(store)
    const [keys, values] = await Promise.all([done(from.getAllKeys()), done<T[]>(from.getAll())])
    return new Map(keys.map((key, n) => [String(key), values[n] as T]))
  }

  /** Resolves when the value is written, not when it is asked for: a token must not be lost. */
  put(store: StoreName, key: string, value: unknown): Promise<void> {
    return this.putAll(store, [[key, value]])
  }

  async putAll(store: StoreName, entries: Iterable<readonly [string, unknown]>): Promise<void> {
    const transaction = await this.#transaction([store], 'readwrite')
    const to = transaction.objectStore(store)
    for (const [key, value] of entries) to.put(value, key)
    return committed(transaction)
  }

  /** Changes a value in one transaction; what has been removed meanwhile stays away. */
  async change<T>(store: StoreName, key: string, change: (value: T) => T): Promise<void> {
    const transaction = await this.#transaction([store], 'readwrite')
    const of = transaction.objectStore(store)
    const request = of.get(key) as IDBRequest<T | undefined>
    request.addEventListener('success', () => request.result !== undefined && of.put(change(request.result), key))
    return committed(transaction)
  }

  async remove(store: StoreName, key: string): Promise<void> {
    const transaction = await this.#transaction([store], 'readwrite')
    transaction.objectStore(store).delete(key)
    return committed(transaction)
  }

  async clear(stores: readonly StoreName[] = STORES): Promise<void> {
    const transaction = await this.#transaction(stores, 'readwrite')
    for (const store of stores) transaction.objectStore(store).clear()
    return committed(transaction)
  }

  /** Clears everything; what this page still meant to write afterwards is refused. */
  async wipe(): Promise<void> {
    const cleared = this.clear()
    this.#sealed = true
    return cleared
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    if (opened) (await opened).close()
  }

  async #transaction(stores: readonly StoreName[], mode: IDBTransactionMode): Promise<IDBTransaction> {
    if (this.#sealed && mode === 'readwrite') throw new Error('signed out: nothing is written any more')
    this.#opened ??= this.#open()
    return (await this.#opened).transaction([...stores], mode, { durability: mode === 'readwrite' ? 'strict' : 'default' })
  }

  async #open(): Promise<IDBDatabase> {
    try {
      const database = await open()
      // Another tab has a newer version of the client: let it upgrade, and open again when needed.
      database.addEventListener('versionchange', () => void this.close())
      database.addEventListener('close', () => (this.#opened = null))
      return database
    } catch (error) {
      this.#opened = null
      throw error
    }
  }
}
