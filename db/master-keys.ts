import { randomBytes, randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

export type MasterKey = { id: string; key: Uint8Array }

/** The keys that wrap every other key. They are never stored beside what they wrap. */
export type MasterKeys = {
  /** The newest: wraps what is new. */
  current(): MasterKey
  find(id: string): MasterKey | undefined
  /** Makes a newer one where we keep them ourselves; undefined where MASTER_KEYS says them. */
  add(): MasterKey | undefined
}

/** `id:base64,id:base64`, newest first, 32 bytes each. Throws saying which one does not fit, and nothing of it: who forgets the id has written the key there. */
function parse(text: string): MasterKey[] {
  const keys = text
    .trim()
    .split(',')
    .map((part, place) => {
      const [id = '', encoded = ''] = part.trim().split(':')
      const key = new Uint8Array(Buffer.from(encoded, 'base64'))
      if (!/^[\w-]{1,32}$/.test(id) || key.length !== 32)
        throw new Error(`MASTER_KEYS: number ${place + 1} is not an id with 32 bytes in base64`)
      return { id, key }
    })
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error('MASTER_KEYS: two keys have one id')
  return keys
}

const write = (keys: MasterKey[]) => keys.map(({ id, key }) => `${id}:${Buffer.from(key).toString('base64')}`).join(',')
const newKey = (): MasterKey => ({ id: randomBytes(4).toString('hex'), key: new Uint8Array(randomBytes(32)) })

/** From MASTER_KEYS, else from the file at `path`, which is made, for this user alone, when it is not there. */
export function openMasterKeys(configured: string | undefined, path: string): MasterKeys {
  const read = () => parse(configured ?? readFileSync(path, 'utf8'))
  if (configured === undefined) makeOnce(path)
  let keys = read()
  const newest = () => {
    const [first] = keys
    if (!first) throw new Error('There is no master key')
    return first
  }
  const find = (id: string) => keys.find((one) => one.id === id)
  return {
    current: newest,
    find(id) {
      // Another process may have made one since.
      if (!find(id)) keys = read()
      return find(id)
    },
    add() {
      if (configured !== undefined) return undefined
      const aside = writeAside(path, [newKey(), ...read()])
      renameSync(aside, path)
      keys = read()
      return newest()
    },
  }
}

function writeAside(path: string, keys: MasterKey[]): string {
  const aside = `${path}.${randomUUID()}~`
  writeFileSync(aside, write(keys), { mode: 0o600 })
  return aside
}

/** Two first starts at once agree on one key: a link is made by only one of them, and never to half a file. */
function makeOnce(path: string): void {
  const aside = writeAside(path, [newKey()])
  try {
    linkSync(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(aside)
  }
}
