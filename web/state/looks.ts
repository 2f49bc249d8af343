/** A finished picture that the shopper chose to keep. It lives in this browser's IndexedDB and nowhere else. */
export type Look = { id: string; slug: string; name: string; size: string; savedAt: number; picture: Blob }

const STORES = { looks: 'looks', photo: 'photo' } as const
const MINE = 'mine'

function openStore(): Promise<IDBDatabase> {
  const request = indexedDB.open('eshotry', 1)
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(STORES.looks, { keyPath: 'id' })
    request.result.createObjectStore(STORES.photo)
  })
  return settled(request)
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('The browser refused to store this.')))
  })

async function inStore<T>(
  name: keyof typeof STORES,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openStore()
  try {
    return await settled(work(database.transaction(name, mode).objectStore(name)))
  } finally {
    database.close()
  }
}

export async function saveLook(look: Look): Promise<void> {
  await inStore('looks', 'readwrite', (store) => store.put(look))
}

/** The saved looks, newest first. */
export async function listLooks(): Promise<Look[]> {
  const looks = await inStore<Look[]>('looks', 'readonly', (store) => store.getAll())
  return looks.toSorted((a, b) => b.savedAt - a.savedAt)
}

export async function deleteLook(id: string): Promise<void> {
  await inStore('looks', 'readwrite', (store) => store.delete(id))
}

/** Keeps the shopper's photo on this device for the next garment: only ever called when they ticked the box for it. */
export async function keepPhoto(photo: Blob): Promise<void> {
  await inStore('photo', 'readwrite', (store) => store.put(photo, MINE))
}

export const keptPhoto = (): Promise<Blob | undefined> =>
  inStore<Blob | undefined>('photo', 'readonly', (store) => store.get(MINE))

export async function forgetPhoto(): Promise<void> {
  await inStore('photo', 'readwrite', (store) => store.delete(MINE))
}
