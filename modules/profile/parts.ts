import type { createAddresses } from './addresses.ts'
import type { createConsents } from './consents.ts'
import type { createPerson } from './person.ts'
import type { createWishlist } from './wishlist.ts'

/** What an export gathers of this module. */
export type PersonData = ReturnType<typeof createPerson>
export type Addresses = ReturnType<typeof createAddresses>
export type WishList = ReturnType<typeof createWishlist>
export type ConsentList = ReturnType<typeof createConsents>
