import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { Act, AdminForm } from '../../parts/admin-form.tsx'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { Badge, When } from '../../parts/admin-marks.tsx'
import { Picture } from '../../parts/picture.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { EMPTY_FORM, type FieldSpec, type FormState, isFilled, readForm, refused } from '../../state/forms.ts'
import { pictureOf } from '../../state/shapes.ts'
import { goTo } from '../site.tsx'
import { type AdminContext, type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'

type Review = InferResponseType<Client['v1']['admin']['reviews']['$get'], 200>['items'][number]

const NEWS: News = {
  approved: 'The review is shown beside the product.',
  rejected: 'The review is not shown. Its author can read why.',
}

const STATUSES = [
  { value: 'pending', label: 'To read' },
  { value: 'approved', label: 'Shown' },
  { value: 'rejected', label: 'Not shown' },
]

const REASON: FieldSpec = {
  name: 'reason',
  label: 'Why it is not shown',
  hint: 'Its author can read this.',
  rows: 4,
  most: 500,
  wrong: 'Say why, in at most 500 letters.',
}

export const listQueue = async ({ desk }: View, query: Record<string, string | undefined>) =>
  read(await desk.api.v1.admin.reviews.$get({ query }), 'The reviews')

/** What people say of products, read before it is shown. */
export function reviewAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/reviews', (c) => drawQueue(c))
  pages.post('/admin/reviews/:id/approve', async (c) => {
    const { api } = c.var.view.desk
    const param = { id: c.req.param('id') }
    // It can be refused only for not being there, which has a page of its own.
    await problemIn(await api.v1.admin.reviews[':id'].approve.$post({ param }), 'The review')
    return goTo(c, '/admin/reviews?said=approved')
  })
  pages.get('/admin/reviews/:id/reject', (c) => drawRejection(c, EMPTY_FORM))
  pages.post('/admin/reviews/:id/reject', async (c) => {
    const state = readForm(await c.req.formData(), [REASON])
    if (!isFilled(state)) return drawRejection(c, state)
    const { api } = c.var.view.desk
    const param = { id: c.req.param('id') }
    const json = { reason: state.values['reason'] ?? '' }
    const problem = await problemIn(await api.v1.admin.reviews[':id'].reject.$post({ param, json }), 'The review')
    return problem ? drawRejection(c, refused(state, [REASON], problem)) : goTo(c, '/admin/reviews?said=rejected')
  })
  return pages
}

async function drawQueue(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['status'])
  const { items, nextCursor } = await listQueue(view, { ...query, limit: LIMIT })
  return show(
    c,
    <AdminPage view={view} title="Reviews" news={newsOf(c, NEWS)}>
      <Finder
        action="/admin/reviews"
        filters={[{ name: 'status', label: 'Status', value: query.status, options: STATUSES }]}
      />
      {items.length === 0 && (
        <p class="border-y border-line py-10 text-soft">
          {query.status ? 'No review stands like that.' : 'Every review is read.'}
        </p>
      )}
      <ul>
        {items.map((review) => (
          <li key={review.id} class="border-t border-line last:border-b py-6">
            <ReviewCard review={review} />
          </li>
        ))}
      </ul>
      <Pager path="/admin/reviews" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

const FITS: Record<NonNullable<Review['fit']>, string> = {
  small: 'falls small',
  true: 'true to size',
  large: 'falls large',
}

function ReviewCard({ review }: { review: Review }) {
  const { id, product, author, verified, rating, fit, text, photos, status, reason, updatedAt } = review
  const name = product?.name ?? 'a product that is gone'
  return (
    <article class="max-w-3xl">
      <h2 class="font-medium">
        {product ? (
          <a href={`/p/${product.slug}`} class="inline-flex items-center min-h-11 hover:underline underline-offset-4">
            {product.name}
          </a>
        ) : (
          'A product that is gone'
        )}
      </h2>
      <p class="flex flex-wrap items-center gap-x-4 gap-y-1 text-[0.95rem]">
        <Stars rating={rating} />
        {fit && <span>{FITS[fit]}</span>}
        {verified && <Badge tone="good">Bought here</Badge>}
        {status === 'rejected' && <Badge tone="bad">Not shown</Badge>}
      </p>
      <p class="text-sm text-soft mt-1">
        {author ?? 'Without a name'}, <When at={updatedAt} />
      </p>
      {text && <p class="mt-3 whitespace-pre-line break-words">{text}</p>}
      <Photos photos={photos} name={name} />
      {reason && <p class="mt-3 text-alert">Not shown because: {reason}</p>}
      <div class="mt-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        {status !== 'approved' && <Act action={`/admin/reviews/${id}/approve`} button="Show it" of={name} />}
        {status !== 'rejected' && (
          <a href={`/admin/reviews/${id}/reject`} class="quiet" aria-label={`Do not show it: ${name}`}>
            Do not show it
          </a>
        )}
      </div>
    </article>
  )
}

const Stars = ({ rating }: { rating: number }) => (
  <span>
    <span aria-hidden="true">{'★'.repeat(rating) + '☆'.repeat(5 - rating)}</span>
    <span class="sr-only">{rating} of 5 stars</span>
  </span>
)

function Photos({ photos, name }: { photos: Review['photos']; name: string }) {
  if (photos.length === 0) return null
  return (
    <ul class="mt-4 flex flex-wrap gap-3">
      {photos.map((photo, index) => (
        <li key={photo.key} class="w-28">
          <Picture
            picture={pictureOf({ ...photo, alt: `Photo ${index + 1} of a review of ${name}`, colour: null })}
            sizes="7rem"
            class="w-full aspect-3/4 object-cover bg-sand"
          />
        </li>
      ))}
    </ul>
  )
}

function drawRejection(c: AdminContext, state: FormState): Response {
  const page = (
    <AdminPage view={c.var.view} title="Do not show this review">
      <AdminForm
        action={`/admin/reviews/${c.req.param('id')}/reject`}
        specs={[REASON]}
        state={state}
        button="Do not show it"
      />
    </AdminPage>
  )
  return show(c, page, state === EMPTY_FORM ? 200 : 422)
}
