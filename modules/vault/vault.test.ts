import { beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { transact, type MasterKeys, type Sql } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createVault } from './index.ts'

const infra = await openTestInfra()
beforeEach(emptyTestInfra)

const TEXT = 'Ada Lovelace, 12 St James’s Square 🧵'

/** A vault on a clock of its own that counts its statements. */
function open(masterKeys: MasterKeys = infra.masterKeys) {
  const counted = { statements: 0, time: Date.now() }
  const sql: Sql = infra.sql.withPlugin({
    transformQuery({ node }) {
      counted.statements += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return Object.assign(createVault({ sql, masterKeys, now: () => new Date(counted.time) }), { counted, sql })
}

/** Master keys whose newest may be replaced. */
function ownKeys() {
  const keys: { id: string; key: Uint8Array }[] = []
  const add = () => {
    const made = { id: `k${keys.length}`, key: new Uint8Array(randomBytes(32)) }
    keys.unshift(made)
    return made
  }
  const drop = () => keys.splice(1)
  add()
  return { current: () => keys[0]!, find: (id: string) => keys.find((one) => one.id === id), add, drop }
}

describe('what is sealed', () => {
  test('opens for its subject, in any process, and says nothing by itself', async () => {
    const sealed = await open().seal('ada', TEXT)
    expect(await open().open('ada', sealed)).toBe(TEXT)
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64url').includes('Ada')).toBe(false)
    expect(await open().seal('ada', TEXT)).not.toBe(sealed)
  })

  test('does not open for another subject, nor with a bit changed', async () => {
    const vault = open()
    const sealed = await vault.seal('ada', TEXT)
    await vault.seal('bob', 'x')
    expect(await vault.open('bob', sealed)).toBeUndefined()
    const [id = '', text = ''] = sealed.split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (const at of [0, 20, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(await vault.open('ada', `${id}.${changed.toString('base64url')}`)).toBeUndefined()
    }
    for (const wrong of ['', 'x', '.', `${id}.`, `${id}.AAAA`]) expect(await vault.open('ada', wrong)).toBeUndefined()
  })

  test('opens a page at a time, in order, with the shredded left out', async () => {
    const vault = open()
    const items: { subjectId: string; sealed: string }[] = []
    for (const name of ['a', 'b', 'a', 'c'])
      items.push({ subjectId: name, sealed: await vault.seal(name, `of ${name}`) })
    await vault.shred('b')
    const reader = open()
    expect(await reader.openAll(items)).toEqual(['of a', undefined, 'of a', 'of c'])
    expect(reader.counted.statements).toBe(1)
    expect(await reader.openAll([])).toEqual([])
  })

  test('costs one statement for a subject that is new or not at hand, and none after', async () => {
    const vault = open()
    await vault.seal('ada', TEXT)
    await vault.seal('ada', TEXT)
    expect(vault.counted.statements).toBe(1)
    const other = open()
    const sealed = await other.seal('ada', TEXT)
    await other.open('ada', sealed)
    expect(other.counted.statements).toBe(1)
  })
})

describe('a key', () => {
  test('made in a transaction is used again in it, and by nobody before it commits', async () => {
    const vault = open()
    const answer = await transact<string[]>(vault.sql, async (tx, abort) => {
      const sealed = [await vault.seal('ada', 'one', tx), await vault.seal('ada', 'two', tx)]
      return abort(sealed)
    })
    expect(vault.counted.statements).toBe(1)
    expect(await vault.open('ada', answer[0] ?? '')).toBeUndefined()
    const kept = await vault.seal('ada', 'three')
    expect(await open().open('ada', kept)).toBe('three')
  })

  test('that many make at once is one', async () => {
    const vaults = Array.from({ length: 8 }, () => open())
    const sealed = await Promise.all(vaults.map((vault, i) => vault.seal('ada', `text ${i}`)))
    const reader = open()
    expect(await Promise.all(sealed.map((text) => reader.open('ada', text)))).toEqual(sealed.map((_, i) => `text ${i}`))
  })

  test('that is shredded opens nothing any more, here at once and elsewhere within half a minute', async () => {
    const [vault, elsewhere] = [open(), open()]
    const sealed = await vault.seal('ada', TEXT)
    expect(await elsewhere.open('ada', sealed)).toBe(TEXT)
    await vault.shred('ada')
    expect(await vault.open('ada', sealed)).toBeUndefined()
    elsewhere.counted.time += 30_001
    expect(await elsewhere.open('ada', sealed)).toBeUndefined()
    await vault.seal('ada', 'somebody else of that name')
    expect(await vault.open('ada', sealed)).toBeUndefined()
  })

  test('for digests stays the same in every process, and is another for another purpose', async () => {
    expect(await open().secret('mail')).toEqual(await open().secret('mail'))
    expect(await open().secret('mail')).not.toEqual(await open().secret('phone'))
  })
})

describe('rotation of the master key', () => {
  test('keeps what is sealed, and needs the old key no more', async () => {
    const keys = ownKeys()
    const vault = open(keys)
    const sealed = await vault.seal('ada', TEXT)
    const secret = await vault.secret('mail')
    keys.add()
    expect(await vault.rotate()).toBe(2)
    expect(await vault.rotate()).toBe(0)
    keys.drop()
    expect(await open(keys).open('ada', sealed)).toBe(TEXT)
    expect(await open(keys).secret('mail')).toEqual(secret)
  })

  test('a key that no master key of ours wraps is an error that names it, and no answer', async () => {
    const keys = ownKeys()
    const sealed = await open(keys).seal('ada', TEXT)
    const stranger = ownKeys()
    await expect(open(stranger).open('ada', sealed)).rejects.toThrow(/master key k0/)
    stranger.add()
    stranger.drop()
    await expect(open(stranger).open('ada', sealed)).rejects.toThrow(/master key k0/)
  })
})
