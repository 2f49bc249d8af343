import type { CatalogTables } from './tables/catalog.ts'
import type { IdentityTables } from './tables/identity.ts'
import type { KernelTables } from './tables/kernel.ts'
import type { NotifyTables } from './tables/notify.ts'
import type { PaymentsTables } from './tables/payments.ts'
import type { ProfileTables } from './tables/profile.ts'
import type { ShopTables } from './tables/shop.ts'
import type { TryOnTables } from './tables/tryon.ts'

/** The relational schema. A key's first half is the module that owns the table. */
export type Tables = CatalogTables &
  IdentityTables &
  KernelTables &
  NotifyTables &
  PaymentsTables &
  ProfileTables &
  ShopTables &
  TryOnTables
