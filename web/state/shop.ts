import type { Client } from '../../openapi/client.ts'
import { cardOf, categoryOf, detailOf, facetsOf } from './shapes.ts'
import type { ListingQuery } from './query.ts'
import type { Card, Category, Detail, Facets } from './views.ts'

export type Shop = ReturnType<typeof createShop>

export type Page = { cards: Card[]; nextCursor: string | null }

/** An answer of the API that a page cannot be drawn from. */
export class ShopError extends Error {
  readonly status: number
  constructor(status: number, what: string) {
    super(`${what} answered ${status}`)
    this.status = status
  }
}

/** The page is for somebody who is signed in, and whoever asks is not, or no longer. */
export class SignInNeeded extends Error {}

/** The API as the pages see it: asked through the typed client, answered in what pages show. Throws ShopError. */
export function createShop(api: Client) {
  return {
    async listing(query: ListingQuery, limit = 24): Promise<Page> {
      const response = await api.v1.products.$get({ query: listQuery(query, limit) })
      if (!response.ok) throw new ShopError(response.status, 'The list of products')
      const { items, nextCursor } = await response.json()
      return { cards: items.map(cardOf), nextCursor }
    },

    async facets(category: string): Promise<Facets & { total: number }> {
      const response = await api.v1.products.facets.$get({ query: { category } })
      if (!response.ok) throw new ShopError(response.status, 'The filters')
      return facetsOf(await response.json())
    },

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

/** The API counts in minor units; a shopper types whole ones. */
const minor = (price: number) => Math.round(price * 100)

function listQuery({ category, brand, colour, size, minPrice, maxPrice, sort, cursor }: ListingQuery, limit: number) {
  return {
    limit: String(limit),
    ...(category && { category }),
    ...(brand.length > 0 && { brand }),
    ...(colour.length > 0 && { colour }),
    ...(size.length > 0 && { size }),
    ...(minPrice !== undefined && { minPrice: minor(minPrice) }),
    ...(maxPrice !== undefined && { maxPrice: minor(maxPrice) }),
    ...(sort && { sort }),
    ...(cursor && { cursor }),
  }
}
