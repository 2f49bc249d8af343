import type { Infra, Jobs, Sql } from '../../db/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Orders } from '../orders/index.ts'
import { createClaims } from './claiming.ts'
import { createIntake } from './intake.ts'
import { createReading } from './reading.ts'
import { createSubjects } from './subjects.ts'
import { createSums } from './sums.ts'

export type Analytics = ReturnType<typeof createAnalytics>
export type { Deed, Interaction } from './reading.ts'

export type AnalyticsNeeds = {
  sql: Sql
  jobs: Jobs
  signer: Pick<Infra['signer'], 'sign'>
  catalog: Pick<Catalog, 'listKnown'>
  orders: Pick<Orders, 'saleOf'>
  /** What a signed-in user allows. */
  consentsOf: (userId: string) => Promise<readonly { purpose: string; granted: boolean }[]>
  now: () => Date
}

/** What visitors do, kept under pseudonyms and only as far as they allow, and what the shop learns from it. */
export function createAnalytics(needs: AnalyticsNeeds) {
  const subjects = createSubjects(needs)
  return {
    ...subjects,
    ...createClaims({ ...needs, ...subjects }),
    ...createIntake({ ...needs, ...subjects }),
    ...createReading(needs),
    ...createSums(needs),
  }
}
