import type { InferResponseType } from 'hono/client'
import type { Client } from '../../openapi/client.ts'
import { type Problem, problemOf } from './forms.ts'
import { ShopError } from './shop.ts'
import type { Visit } from './visit.ts'

type Reviews = Client['v1']['products'][':id']['reviews']
export type Review = InferResponseType<Reviews['$get'], 200>['items'][number]
export type OwnReview = InferResponseType<Reviews['mine']['$get'], 200>
export type ReviewPage = { items: Review[]; nextCursor: string | null }

type Wanted = { limit: number; cursor?: string | undefined }

/** What people say of a product, the most helpful first. */
export async function listReviews(api: Client, productId: string, { limit, cursor }: Wanted): Promise<ReviewPage> {
  const query = { limit, sort: 'helpful' as const, ...(cursor && { cursor }) }
  const answer = await api.v1.products[':id'].reviews.$get({ param: { id: productId }, query })
  if (!answer.ok) throw new ShopError(answer.status, 'The reviews')
  return answer.json()
}

/** What whoever asks has written of it; undefined for nothing, and for a guest. */
export async function findOwnReview(visit: Visit, productId: string): Promise<OwnReview | undefined> {
  const answer = await visit.api.v1.products[':id'].reviews.mine.$get({ param: { id: productId } })
  return answer.ok ? answer.json() : undefined
}

type Written = { ok: true } | { ok: false; problem: Problem }

/** Sends the form on as it is, photos and all. */
export async function writeReview(visit: Visit, productId: string, form: FormData): Promise<Written> {
  const text = (name: string) => String(form.get(name) ?? '')
  const files = form.getAll('photos').filter((one) => one instanceof File && one.size > 0) as File[]
  const answer = await visit.api.v1.products[':id'].reviews.$post({
    param: { id: productId },
    form: {
      rating: text('rating'),
      ...(text('fit') && { fit: text('fit') as 'small' | 'true' | 'large' }),
      text: text('text'),
      ...(text('author') && { author: text('author') }),
      keep: form.getAll('keep').map(String),
      photos: files,
    },
  })
  return answer.ok ? { ok: true } : { ok: false, problem: await problemOf(answer) }
}

export const removeReview = async (visit: Visit, productId: string): Promise<boolean> =>
  (await visit.api.v1.products[':id'].reviews.mine.$delete({ param: { id: productId } })).ok

/** Says that a review helped; the status tells a guest from a vote for one's own. */
export async function voteHelpful(visit: Visit, reviewId: string): Promise<number> {
  const answer = await visit.api.v1.reviews[':id'].helpful.$post({ param: { id: reviewId } })
  return answer.status
}
