import type { Client } from '../../openapi/client.ts'
import { findProducts, type Found } from './found.ts'
import { listPlainly } from './plainly.ts'
import type { ListingQuery } from './query.ts'
import { ShopError } from './refusal.ts'
import { cardOf, categoryOf, detailOf } from './shapes.ts'
import type { Card, Category, Detail } from './views.ts'

export type Shop = ReturnType<typeof createShop>

export type Page = { cards: Card[]; nextCursor: string | null }

export { ShopError }

/** The page is for somebody who is signed in, and whoever asks is not, or no longer. */
export class SignInNeeded extends Error {}

/** What a search answers until there is an index. */
const PREPARING = 503

/** The API as the pages see it: asked through the typed client, answered in what pages show. Throws ShopError. */
export function createShop(api: Client) {
  return {
    /** The newest, of a category or of all. */
    async listing({ category }: Partial<ListingQuery>, limit = 24): Promise<Page> {
      const response = await api.v1.products.$get({ query: { limit: String(limit), ...(category && { category }) } })
      if (!response.ok) throw new ShopError(response.status, 'The list of products')
      const { items, nextCursor } = await response.json()
      return { cards: items.map(cardOf), nextCursor }
    },

    /** Within a category, or in all of the shop; while the search is being prepared, what the catalogue itself lists. */
    find: (query: ListingQuery, within?: string): Promise<Found> =>
      findProducts(api, query, within).catch((error: unknown) => {
        if (error instanceof ShopError && error.status === PREPARING) return listPlainly(api, query, within)
        throw error
      }),

    async product(slug: string): Promise<Detail | undefined> {
      const response = await api.v1.products[':idOrSlug'].$get({ param: { idOrSlug: slug } })
      const status: number = response.status
      if (response.ok) return detailOf(await response.json())
      if (status === 404) return undefined
      throw new ShopError(status, 'The product')
    },

    async categories(): Promise<Category[]> {
      const response = await api.v1.categories.$get()
      if (!response.ok) throw new ShopError(response.status, 'The categories')
      return (await response.json()).items.map(categoryOf)
    },
  }
}
