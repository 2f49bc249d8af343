import { beforeEach, describe, expect, test } from 'bun:test'
import { transact } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createInventory } from './index.ts'

const infra = await openTestInfra()
const inventory = createInventory(infra)
beforeEach(emptyTestInfra)

const [A, B, C] = ['a', 'b', 'c'].map((letter) => `${letter}0000000-0000-7000-8000-000000000000`) as [
  string,
  string,
  string,
]
const expiresAt = new Date('2030-01-01')
type Lines = { variantId: string; quantity: number }[]

/** All or nothing, as an order does it. */
const reserve = (lines: Lines, orderId = crypto.randomUUID()) =>
  transact<string | false>(infra.sql, async (tx, abort) => {
    const reserved = await inventory.reserve({ orderId, lines, expiresAt }, tx)
    return reserved.ok ? orderId : abort(false)
  })
const inTransaction = (work: (tx: typeof infra.sql) => Promise<void>) => infra.sql.transaction().execute(work)
const rows = async () => {
  const found = await infra.sql.selectFrom('inventory.stock').selectAll().orderBy('variant_id').execute()
  return found.map(({ quantity, reserved }) => [quantity, reserved])
}

const announced = async () => {
  const events = await infra.sql.selectFrom('kernel.outbox').select(['name', 'payload']).orderBy('id').execute()
  return events.map(({ name, payload }) => [name, (payload as { variantIds: string[] }).variantIds.toSorted()])
}
const crossed = (...variantIds: string[]) => ['inventory.availability_changed', variantIds]

describe('stock', () => {
  test('is held, sold, freed and put back, each once', async () => {
    await inventory.setStock([{ variantId: A, quantity: 5 }])
    const [first, second] = [
      await reserve([{ variantId: A, quantity: 2 }]),
      await reserve([{ variantId: A, quantity: 1 }]),
    ]
    expect(await rows()).toEqual([[2, 3]])
    for (let twice = 0; twice < 2; twice++) {
      await inTransaction((tx) => inventory.confirm(String(first), tx))
      await inTransaction((tx) => inventory.release(String(second), tx))
    }
    expect(await rows()).toEqual([[3, 0]])
    for (let twice = 0; twice < 2; twice++) await inTransaction((tx) => inventory.release(String(first), tx))
    await inTransaction((tx) => inventory.restock([{ variantId: A, quantity: 4 }], tx))
    expect(await rows()).toEqual([[9, 0]])
  })

  test('is refused whole when one line lacks a piece, and says of which how many are left', async () => {
    await inventory.setStock([
      { variantId: A, quantity: 5 },
      { variantId: B, quantity: 1 },
    ])
    const lines = [
      { variantId: A, quantity: 2 },
      { variantId: B, quantity: 2 },
    ]
    const refused = await transact(infra.sql, async (tx, abort: (value: unknown) => never) =>
      abort(await inventory.reserve({ orderId: crypto.randomUUID(), lines, expiresAt }, tx)),
    )
    expect(refused).toEqual({ ok: false, reason: 'insufficient_stock', variantId: B, available: 1 })
    expect(await rows()).toEqual([
      [5, 0],
      [1, 0],
    ])
    expect(await reserve([{ variantId: C, quantity: 1 }])).toBe(false)
  })

  test('counted anew by the retailer does not count what orders hold a second time', async () => {
    await inventory.setStock([{ variantId: A, quantity: 5 }])
    const held = await reserve([{ variantId: A, quantity: 2 }])
    await inventory.setStock([{ variantId: A, quantity: 5 }])
    expect(await rows()).toEqual([[3, 2]])
    await inventory.setStock([{ variantId: A, quantity: 1 }])
    expect(await rows()).toEqual([[0, 2]])
    await inTransaction((tx) => inventory.release(String(held), tx))
    expect(await rows()).toEqual([[2, 0]])
  })

  test('goes to exactly as many as there are pieces, in whatever order lines are asked for, without a deadlock', async () => {
    const all = [A, B, C]
    await inventory.setStock(all.map((variantId) => ({ variantId, quantity: 20 })))
    const orders = Array.from({ length: 90 }, (_, i) => {
      const ids = [all[i % 3]!, all[(i + 1 + (i % 2)) % 3]!]
      return reserve((i % 4 < 2 ? ids : ids.toReversed()).map((variantId) => ({ variantId, quantity: 1 })))
    })
    const won = (await Promise.all(orders)).filter((one) => one !== false)
    const left = (await rows()).map(([quantity = 0]) => quantity)
    expect(left.reduce((sum, one) => sum + one, 0)).toBe(60 - 2 * won.length)
    expect(left.filter((quantity) => quantity > 0).length).toBeLessThanOrEqual(1)
    await Promise.all(won.map((id) => inTransaction((tx) => inventory.release(String(id), tx))))
    expect(await rows()).toEqual(all.map(() => [20, 0]))
  })

  test('of a variant that is gone is no stumbling block for what held it', async () => {
    await inventory.setStock([{ variantId: A, quantity: 5 }])
    const held = String(await reserve([{ variantId: A, quantity: 2 }]))
    await inventory.forgetStock([A])
    await inTransaction((tx) => inventory.confirm(held, tx))
    await inTransaction((tx) => inventory.release(held, tx))
    expect(await rows()).toEqual([])
  })

  test('is announced when the last piece goes or the first comes back, and not in between', async () => {
    await inventory.setStock([
      { variantId: A, quantity: 2 },
      { variantId: B, quantity: 1 },
    ])
    expect(await announced()).toEqual([])
    const first = String(await reserve([{ variantId: A, quantity: 1 }]))
    expect(await announced()).toEqual([])
    const both = String(
      await reserve([
        { variantId: A, quantity: 1 },
        { variantId: B, quantity: 1 },
      ]),
    )
    expect(await announced()).toEqual([crossed(A, B)])
    expect(await reserve([{ variantId: A, quantity: 1 }])).toBe(false)
    await inTransaction((tx) => inventory.confirm(first, tx))
    await inTransaction((tx) => inventory.release(both, tx))
    await inTransaction((tx) => inventory.release(first, tx))
    expect(await announced()).toEqual([crossed(A, B), crossed(A, B)])
    await inventory.setStock([
      { variantId: A, quantity: 0 },
      { variantId: B, quantity: 7 },
      { variantId: C, quantity: 7 },
    ])
    await inTransaction((tx) => inventory.restock([{ variantId: A, quantity: 1 }], tx))
    await inTransaction((tx) => inventory.restock([{ variantId: A, quantity: 1 }], tx))
    expect((await announced()).slice(2)).toEqual([crossed(A), crossed(A)])
  })
})
