import { AppError } from '../kernel/errors.ts'
import type { Wish } from './schema.ts'
import type { ProfileNeeds } from './service.ts'
import { deleteWish, insertWish, listWishes } from './store.ts'

const MOST = 500
const CURSOR = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function readCursor(cursor: string | undefined): { at: Date; productId: string } | undefined {
  if (cursor === undefined) return undefined
  const [, at, productId] = CURSOR.exec(cursor) ?? []
  if (at === undefined || productId === undefined || Number(at) > 8_640_000_000_000)
    throw new AppError('invalid', 'The cursor is not one that this list gave')
  return { at: new Date(Number(at)), productId }
}

export function createWishlist({ sql, catalog, now }: Pick<ProfileNeeds, 'sql' | 'catalog' | 'now'>) {
  return {
    /** The latest first, as cards; what the shop no longer has is left out. */
    async listWishes(userId: string, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const rows = await listWishes(sql, userId, { before: readCursor(cursor), limit: limit + 1 })
      const page = rows.slice(0, limit)
      const cards = await catalog.findCards(page.map(({ product_id }) => product_id))
      const items = page.flatMap(({ product_id, added_at }): Wish[] => {
        const product = cards.get(product_id)
        return product ? [{ product, addedAt: added_at.toISOString() }] : []
      })
      const last = page.at(-1)
      const nextCursor = rows.length > limit && last ? `${last.added_at.getTime()}.${last.product_id}` : null
      return { items, nextCursor }
    },

    async addWish(userId: string, productId: string): Promise<void> {
      if (!(await catalog.hasProduct(productId))) throw new AppError('not_found', `No product ${productId}`)
      await insertWish(sql, { userId, productId, at: now(), most: MOST })
    },

    removeWish: (userId: string, productId: string): Promise<void> => deleteWish(sql, userId, productId),
  }
}
