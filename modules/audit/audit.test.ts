import { beforeEach, describe, expect, test } from 'bun:test'
import { sql as raw } from 'kysely'
import { transact } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { hashEntry } from './chain.ts'
import { createAudit } from './index.ts'
import { listSealed } from './store.ts'

const infra = await openTestInfra()
const audit = createAudit(infra)
beforeEach(emptyTestInfra)

const actor = { userId: '0198c0de-0000-7000-8000-000000000001', role: 'admin', sessionId: 's' } as const
const record = (n: number) =>
  audit.record(
    { actor, action: 'orders.refund', subject: `order:${n}`, details: { amount: n, note: { b: 1, a: 2 } } },
    infra.sql,
  )

async function chainOf(length: number) {
  for (let n = 1; n <= length; n++) await record(n)
  expect(await audit.seal()).toBe(length)
}

/** What somebody does who has the whole database. */
const tamper = (statement: string) =>
  infra.sql.transaction().execute(async (tx) => {
    await raw`set local session_replication_role = replica`.execute(tx)
    await raw.raw(statement).execute(tx)
  })

/** Alters the entry at place `from`, and makes the hashes anew up to place `to`. */
async function forge(from: number, to: number): Promise<void> {
  await tamper(`update audit.entry set subject = 'order:forged' where seq = ${from}`)
  const rows = await listSealed(infra.sql, from - 1, to - from + 1)
  let previous = rows[0]?.previousHash ?? ''
  for (const row of rows) {
    const hash = hashEntry(row, row.seq ?? 0, previous)
    await tamper(`update audit.entry set previous_hash = '${previous}', hash = '${hash}' where id = ${row.id}`)
    previous = hash
  }
}

describe('the log', () => {
  test('keeps who did what, newest first, page by page', async () => {
    for (let n = 1; n <= 5; n++) await record(n)
    await audit.record({ actor: { system: 'payments' }, action: 'payments.disputed', subject: 'payment:1' }, infra.sql)
    const first = await audit.listEntries({ limit: 4 })
    const second = await audit.listEntries({ limit: 4, cursor: first.nextCursor ?? '' })
    expect(first.items[0]).toMatchObject({ actor: 'system:payments', role: null, details: {} })
    expect(first.items[1]).toMatchObject({
      actor: `user:${actor.userId}`,
      role: 'admin',
      subject: 'order:5',
      seq: null,
    })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1])
    expect(second.nextCursor).toBeNull()
    expect((await audit.listEntries({ limit: 9, subject: 'order:3' })).items).toHaveLength(1)
    expect((await audit.listEntries({ limit: 9, action: 'payments.disputed' })).items).toHaveLength(1)
  })

  test('has no entry of a deed that was rolled back', async () => {
    await transact<void>(infra.sql, async (tx, abort) => {
      await audit.record({ actor, action: 'a.b', subject: 'c:1' }, tx)
      return abort(undefined)
    })
    expect((await audit.listEntries({ limit: 9 })).items).toEqual([])
  })

  test('cannot be changed, emptied or cut, not even by us', async () => {
    await chainOf(2)
    await record(3)
    for (const statement of [
      raw`update audit.entry set details = '{}' where id = 1`,
      raw`update audit.entry set seq = 9, hash = 'x', previous_hash = 'y' where id = 1`,
      raw`update audit.entry set seq = 3, hash = 'x', previous_hash = 'y', actor = 'z' where id = 3`,
      raw`delete from audit.entry where id = 3`,
      raw`truncate audit.entry`,
    ])
      await expect(statement.execute(infra.sql)).rejects.toThrow('append-only')
    expect((await audit.verify()).faults).toEqual([])
  })
})

describe('the chain', () => {
  test('takes in what transactions commit late, after what was sealed before', async () => {
    const { promise: sealed, resolve: go } = Promise.withResolvers<void>()
    const late = infra.sql.transaction().execute(async (tx) => {
      await audit.record({ actor, action: 'late', subject: 'a:1' }, tx)
      await sealed
    })
    await record(2)
    await audit.seal()
    go()
    await late
    await audit.seal()
    const { items } = await audit.listEntries({ limit: 9 })
    expect(items.map(({ action, seq }) => [action, seq]).toSorted()).toEqual([
      ['late', 2],
      ['orders.refund', 1],
    ])
    expect(await audit.verify()).toMatchObject({ entries: 2, faults: [] })
  })

  test('is one however many seal at once', async () => {
    for (let n = 1; n <= 20; n++) await record(n)
    const sealed = await Promise.all([audit.seal(), audit.seal(), audit.seal(), audit.verify().then(() => 0)])
    expect(sealed.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(20)
    expect(await audit.verify()).toMatchObject({ entries: 20, faults: [] })
  })
})

describe('verification names', () => {
  test('nothing where nothing was touched, and the end to keep elsewhere', async () => {
    await chainOf(3)
    const { head, faults } = await audit.verify()
    expect([head, faults]).toEqual([expect.stringMatching(/^3:[0-9a-f]{64}$/), []])
    await record(4)
    expect(await audit.verify(head)).toMatchObject({ entries: 4, faults: [] })
    expect((await audit.verify(`3:${'0'.repeat(64)}`)).faults).toMatchObject([{ kind: 'head' }])
  })

  test.each([
    "actor = 'user:x'",
    "details = '{}'",
    "at = at + interval '1 ms'",
    'role = null',
    "hash = repeat('0', 64)",
  ])('a row that was altered: %s', async (change) => {
    await chainOf(5)
    await tamper(`update audit.entry set ${change} where id = 3`)
    const { faults } = await audit.verify()
    expect(faults).toContainEqual({ kind: 'altered', seq: 3, id: 3 })
    expect(faults.every(({ seq }) => seq === 3 || seq === 4)).toBe(true)
  })

  test('rows that are missing, at the beginning, inside and at the end', async () => {
    await chainOf(9)
    await tamper('delete from audit.entry where id in (1, 4, 5, 9)')
    expect((await audit.verify()).faults).toEqual([
      { kind: 'missing', seq: 1, to: 1 },
      { kind: 'missing', seq: 4, to: 5 },
      { kind: 'missing', seq: 9, to: 9 },
    ])
  })

  test('rows that changed places', async () => {
    await chainOf(6)
    await tamper('update audit.entry set seq = -seq where id in (2, 5)')
    await tamper('update audit.entry set seq = case seq when -2 then 5 else 2 end where seq < 0')
    expect((await audit.verify()).faults).toEqual([
      { kind: 'reordered', seq: 2, id: 5, sealedAt: 5 },
      { kind: 'reordered', seq: 5, id: 2, sealedAt: 2 },
    ])
  })

  test('a row that was altered and sealed anew, by the one that does not follow it', async () => {
    await chainOf(4)
    await forge(2, 2)
    expect((await audit.verify()).faults).toEqual([{ kind: 'unlinked', seq: 3, id: 3 }])
  })

  test('a chain that was made anew to its end: that takes a key which is not in the database', async () => {
    await chainOf(4)
    const { head } = await audit.verify()
    await forge(2, 4)
    expect((await audit.verify()).faults).toMatchObject([{ kind: 'head', what: expect.stringContaining('signed') }])
    await tamper(`update audit.head set hash = (select hash from audit.entry where seq = 4)`)
    expect((await audit.verify()).faults).toMatchObject([{ kind: 'head', what: expect.stringContaining('not signed') }])
    await tamper('delete from audit.entry')
    expect((await audit.verify()).faults).not.toEqual([])
    // Who puts everything back to an empty log is found out only by who has kept an end of it.
    await tamper('delete from audit.head')
    expect((await audit.verify()).faults).toEqual([])
    expect((await audit.verify(head)).faults).toMatchObject([{ kind: 'head' }])
  })
})

test('the end is signed anew by a new master key, so that the old one may go', async () => {
  const { masterKeys } = infra
  const [old, young] = [
    { id: 'old', key: new Uint8Array(32).fill(1) },
    { id: 'young', key: new Uint8Array(32).fill(2) },
  ]
  const withKeys = (...keys: (typeof old)[]) =>
    createAudit({
      ...infra,
      masterKeys: { ...masterKeys, current: () => keys[0]!, find: (id) => keys.find((k) => k.id === id) },
    })
  await record(1)
  await withKeys(old).seal()
  expect((await withKeys(young).verify()).faults).toMatchObject([{ kind: 'head' }])
  await withKeys(young, old).seal()
  expect((await withKeys(young).verify()).faults).toEqual([])
})
