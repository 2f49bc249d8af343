import type { AnalyticsTables } from './tables/analytics.ts'
import type { CatalogTables } from './tables/catalog.ts'
import type { IdentityTables } from './tables/identity.ts'
import type { KernelTables } from './tables/kernel.ts'
import type { NotifyTables } from './tables/notify.ts'
import type { PaymentsTables } from './tables/payments.ts'
import type { ProfileTables } from './tables/profile.ts'
import type { RecommendTables } from './tables/recommend.ts'
import type { SearchTables } from './tables/search.ts'
import type { ShopTables } from './tables/shop.ts'
import type { TryOnTables } from './tables/tryon.ts'

/** The relational schema. A key's first half is the module that owns the table. */
export type Tables = AnalyticsTables &
  CatalogTables &
  IdentityTables &
  KernelTables &
  NotifyTables &
  PaymentsTables &
  ProfileTables &
  RecommendTables &
  SearchTables &
  ShopTables &
  TryOnTables
