import type { Jobs, Sql } from '../../db/index.ts'
import type { Analytics } from '../analytics/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Carts } from '../cart/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Notify } from '../notify/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Reviews } from '../reviews/index.ts'
import type { Vault } from '../vault/index.ts'
import { createAddresses } from './addresses.ts'
import { createConsents } from './consents.ts'
import { createErasure, createErasureRequests } from './erase-user.ts'
import { createExport } from './export-user.ts'
import { createPerson } from './person.ts'
import { createWishlist } from './wishlist.ts'

export type Profile = ReturnType<typeof createProfile>

export type ProfileNeeds = {
  sql: Sql
  jobs: Jobs
  vault: Vault
  audit: Audit
  identity: Identity
  catalog: Pick<Catalog, 'findCards' | 'hasProduct'>
  cart: Pick<Carts, 'findCartOf' | 'eraseUser'>
  orders: Pick<Orders, 'listOrdersOf' | 'listGuestOrdersOf' | 'getOrder' | 'anonymiseUser'>
  reviews: Pick<Reviews, 'exportUser' | 'eraseUser'>
  analytics: Pick<Analytics, 'exportUser' | 'forget'>
  notify: Pick<Notify, 'exportMails' | 'eraseMails'>
  now: () => Date
  newId: () => string
}

/** What the shop knows of a person: shown to them, changed by them, given to them whole, and forgotten. */
export function createProfile(needs: ProfileNeeds) {
  const person = createPerson(needs)
  const addresses = createAddresses(needs)
  const wishlist = createWishlist(needs)
  const consents = createConsents(needs)
  return {
    ...person,
    ...addresses,
    ...wishlist,
    ...consents,
    ...createExport({ ...needs, ...person, ...addresses, ...wishlist, ...consents }),
    ...createErasureRequests(needs),
    ...createErasure(needs),
    listOrdersOf: needs.orders.listOrdersOf,
  }
}
