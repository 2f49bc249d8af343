import { AppError } from '../kernel/errors.ts'
import type { ReviewSummary } from '../catalog/index.ts'
import type { OwnReview, QueuedReview, QueueQuery, Review, ReviewQuery } from './schema.ts'
import type { ReviewNeeds } from './service.ts'
import { findOfUser, type findSummary, listApproved, listQueue, type ReviewRow } from './store.ts'

type Page<T> = { items: T[]; nextCursor: string | null }

const CURSOR = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** `<number>.<id>`: where in the order the page before ended. */
function readCursor(cursor: string | undefined): { value: number; id: string } | undefined {
  if (cursor === undefined) return undefined
  const [, value, id] = CURSOR.exec(cursor) ?? []
  if (value !== undefined && id !== undefined && Number(value) <= 8_640_000_000_000) return { value: Number(value), id }
  throw new AppError('invalid', 'No such cursor', { issues: [{ path: 'cursor', message: 'No such cursor' }] })
}

/** One row more than the page was asked for tells that there is another. */
function pageOf<R extends { id: string }>(rows: R[], limit: number, place: (row: R) => number) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, nextCursor: rows.length > limit && last ? `${place(last)}.${last.id}` : null }
}

const round2 = (value: number) => Math.round(value * 100) / 100

/** Counts of approved reviews as everybody shows them; a product without any has no rating. */
export function summaryOf(row: Awaited<ReturnType<typeof findSummary>>): ReviewSummary {
  const stars = row ? [row.stars_1, row.stars_2, row.stars_3, row.stars_4, row.stars_5] : [0, 0, 0, 0, 0]
  const count = stars.reduce((sum, one) => sum + one, 0)
  const total = stars.reduce((sum, one, place) => sum + one * (place + 1), 0)
  return {
    count,
    rating: count === 0 ? null : round2(total / count),
    stars,
    fit: { small: row?.fit_small ?? 0, true: row?.fit_true ?? 0, large: row?.fit_large ?? 0 },
  }
}

function reviewOf(row: ReviewRow, author: string | undefined, text: string | undefined): Review {
  return {
    id: row.id,
    author: author ?? null,
    verified: row.verified,
    rating: row.rating,
    fit: row.fit,
    text: text ?? '',
    photos: row.photos.map((photo) => ({ ...photo, url: `/media/${photo.key}` })),
    helpful: row.helpful,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function createReader({ sql, vault, catalog }: Pick<ReviewNeeds, 'sql' | 'vault' | 'catalog'>) {
  /** Opens what the authors wrote: the keys of a whole page are one statement at most. */
  async function open(rows: ReviewRow[]): Promise<Review[]> {
    const sealed = rows.flatMap(({ id, user_id, author, body }) =>
      [
        { id: `author ${id}`, sealed: author },
        { id: `body ${id}`, sealed: body },
      ].flatMap((one) =>
        one.sealed !== null && user_id !== null ? [{ id: one.id, subjectId: user_id, sealed: one.sealed }] : [],
      ),
    )
    const texts = await vault.openAll(sealed.map(({ subjectId, sealed: text }) => ({ subjectId, sealed: text })))
    const found = new Map(sealed.map(({ id }, place) => [id, texts[place]]))
    return rows.map((row) => reviewOf(row, found.get(`author ${row.id}`), found.get(`body ${row.id}`)))
  }

  async function openOwn(rows: ReviewRow[]): Promise<OwnReview[]> {
    const reviews = await open(rows)
    return rows.flatMap(({ product_id, status, reason }, place) => {
      const review = reviews[place]
      return review ? [{ ...review, productId: product_id, status, reason }] : []
    })
  }

  return {
    openOwn,

    async listReviews(productId: string, { sort, rating, cursor, limit }: ReviewQuery): Promise<Page<Review>> {
      const at = readCursor(cursor)
      const after = at && { helpful: at.value, id: at.id }
      const rows = await listApproved(sql, productId, { sort, rating, after, limit: limit + 1 })
      if (rows.length === 0 && !(await catalog.hasProduct(productId)))
        throw new AppError('not_found', `No product ${productId}`)
      const { page, nextCursor } = pageOf(rows, limit, (row) => (sort === 'helpful' ? row.helpful : 0))
      return { items: await open(page), nextCursor }
    },

    /** The user's own review of the product, whatever became of it. Throws not_found. */
    async getOwn(userId: string, productId: string): Promise<OwnReview> {
      const row = await findOfUser(sql, productId, userId)
      const [review] = row ? await openOwn([row]) : []
      if (!review) throw new AppError('not_found', 'You have not reviewed this product')
      return review
    },

    async listQueue({ status, cursor, limit }: QueueQuery): Promise<Page<QueuedReview>> {
      const at = readCursor(cursor)
      const after = at && { updatedAt: new Date(at.value), id: at.id }
      const rows = await listQueue(sql, status, { after, limit: limit + 1 })
      const { page, nextCursor } = pageOf(rows, limit, ({ updated_at }) => updated_at.getTime())
      const [reviews, cards] = await Promise.all([
        openOwn(page),
        catalog.findCards([...new Set(page.map(({ product_id }) => product_id))]),
      ])
      const productOf = (id: string) => {
        const card = cards.get(id)
        return card ? { slug: card.slug, name: card.name } : null
      }
      const items = reviews.map((review) => Object.assign(review, { product: productOf(review.productId) }))
      return { items, nextCursor }
    },
  }
}
