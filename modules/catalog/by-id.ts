import type { Sql } from '../../db/index.ts'
import { createBatch } from '../../db/batch.ts'
import { listCardsById, listFoundCards } from './card-store.ts'
import type { DescribedVariant, ProductCard, ReviewSummary } from './schema.ts'
import { existsProduct, listKnownIds, updateReviews } from './store.ts'
import { describeVariants } from './variant-store.ts'
import { cardOf, describedOf } from './views.ts'

/** What other modules, which know products and variants by id, ask of the catalogue. */
export function createById(sql: Sql) {
  const describe = createBatch(async (ids: string[]) => {
    const rows = await describeVariants(sql, ids)
    return new Map(rows.map((row) => [row.variantId, describedOf(row)]))
  })

  return {
    /** The cards of these products by id, in one statement; those that are gone are left out. */
    async findCards(ids: readonly string[]): Promise<ReadonlyMap<string, ProductCard>> {
      if (ids.length === 0) return new Map()
      const cards = await listCardsById(sql, [...ids])
      return new Map(cards.map((card) => [card.id, cardOf({ card })]))
    },

    /** Those of the ids that are products. */
    listKnown: async (ids: readonly string[]): Promise<Set<string>> => new Set(await listKnownIds(sql, ids)),

    /** As `findCards`, each with its description. */
    async findFoundCards(ids: readonly string[]): Promise<ReadonlyMap<string, ProductCard & { description: string }>> {
      if (ids.length === 0) return new Map()
      const cards = await listFoundCards(sql, [...ids])
      return new Map(cards.map((card) => [card.id, { ...cardOf({ card }), description: card.description }]))
    },

    hasProduct: (id: string): Promise<boolean> => existsProduct(sql, id),

    /** Keeps the absolute counts that reviews gives, so hearing of a change twice or late does no harm. */
    async keepReviews(productId: string, { version, ...reviews }: ReviewSummary & { version: number }): Promise<void> {
      await updateReviews(sql, { productId, version, reviews })
    },

    /**
     * What a cart or an order says of these variants: one statement, shared with who asks at the same time, so the answer
     * may hold others too. Those that are gone are left out. Not for use inside a transaction: it takes a connection.
     */
    describeVariants: (ids: readonly string[]): Promise<ReadonlyMap<string, DescribedVariant>> =>
      ids.length === 0 ? Promise.resolve(new Map()) : describe(ids),
  }
}
