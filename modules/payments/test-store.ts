import type { Selectable } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { PaymentsTables } from '../../db/tables/payments.ts'

export type TestCharge = Selectable<PaymentsTables['payments.test_charge']>

export async function insertTestCharge(sql: Sql, charge: TestCharge): Promise<void> {
  const insert = sql.insertInto('payments.test_charge').values(charge)
  await insert.onConflict((c) => c.column('payment_id').doNothing()).execute()
}

export const findTestCharge = (sql: Sql, paymentId: string): Promise<TestCharge | undefined> =>
  sql.selectFrom('payments.test_charge').selectAll().where('payment_id', '=', paymentId).executeTakeFirst()

/** Only from one of the states `from`, so that two confirmations at once are one. */
export async function updateTestCharge(
  sql: Sql,
  paymentId: string,
  { from, ...changes }: { from: TestCharge['status'][] } & Partial<Pick<TestCharge, 'status' | 'told_at'>>,
): Promise<void> {
  await sql
    .updateTable('payments.test_charge')
    .set(changes)
    .where('payment_id', '=', paymentId)
    .where('status', 'in', from)
    .execute()
}
