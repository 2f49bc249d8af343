import type { Jobs, PaymentKeys, Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'

/** The parts of the shop that payments stand on. */
export type PaymentNeeds = {
  sql: Sql
  jobs: Jobs
  audit: Pick<Audit, 'record'>
  paymentKeys: PaymentKeys
  now: () => Date
  newId: () => string
  signer: {
    sign(purpose: string, text: string): string
    verify(purpose: string, text: string, signature: string): boolean
  }
}
