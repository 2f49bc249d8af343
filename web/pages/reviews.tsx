import { type Context, Hono } from 'hono'
import { News, Trouble } from '../parts/form.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { ReviewForm, ReviewList, Summary } from '../parts/reviews.tsx'
import { Trail } from '../parts/trail.tsx'
import { EMPTY_FORM, type FormState, type Problem, safeNext, sayProblem } from '../state/forms.ts'
import {
  findOwnReview,
  listReviews,
  type OwnReview,
  removeReview,
  type ReviewPage,
  voteHelpful,
  writeReview,
} from '../state/reviews.ts'
import { SignInNeeded } from '../state/shop.ts'
import type { Detail } from '../state/views.ts'
import type { Visit } from '../state/visit.ts'
import { goTo, sendPrivate, type Site } from './site.tsx'

const PAGE = 12

/** What people say of a product, and saying it oneself. */
export function reviewPages(site: Site) {
  const pages = new Hono()
  const show = async (c: Context, visit: Visit, product: Detail, state: FormState = EMPTY_FORM) => {
    const [frame, page, own] = await Promise.all([
      site.frame(c),
      listReviews(site.api, product.id, { limit: PAGE, cursor: c.req.query('cursor') }),
      visit.hasSession ? findOwnReview(visit, product.id) : undefined,
    ])
    const known = { frame, product, page, own, state, said: c.req.query('said'), signedIn: visit.hasSession }
    return sendPrivate(c, <ReviewsPage {...known} />, state === EMPTY_FORM ? 200 : 422)
  }

  pages.get('/p/:slug/reviews', async (c) => {
    const product = await site.shop.product(c.req.param('slug'))
    return product ? show(c, site.visit(c), product) : site.notFound(c)
  })
  pages.post('/p/:slug/reviews', async (c) => {
    const product = await site.shop.product(c.req.param('slug'))
    if (!product) return site.notFound(c)
    const form = await c.req.formData()
    const visit = site.visit(c)
    const values = Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
    if (!/^[1-5]$/.test(values['rating'] ?? ''))
      return show(c, visit, product, { values, errors: { rating: 'Choose one to five stars.' } })
    const written = await writeReview(visit, product.id, form)
    if (written.ok) return goTo(c, `/p/${product.slug}/reviews?said=sent`)
    if (written.problem.status === 401) throw new SignInNeeded()
    return show(c, visit, product, {
      values,
      errors: photoErrors(written.problem),
      trouble: troubleOf(written.problem),
    })
  })
  pages.post('/p/:slug/reviews/remove', async (c) => {
    const product = await site.shop.product(c.req.param('slug'))
    if (!product) return site.notFound(c)
    const visit = site.visit(c)
    await removeReview(visit, product.id)
    return goTo(c, `/p/${product.slug}/reviews?said=removed`)
  })
  pages.post('/reviews/:id/helpful', async (c) => {
    const back = safeNext(String((await c.req.formData()).get('back')), '/')
    const visit = site.visit(c)
    if ((await voteHelpful(visit, c.req.param('id'))) === 401) throw new SignInNeeded()
    return goTo(c, `${back}#review-${c.req.param('id')}`)
  })
  return pages
}

const PHOTO_TROUBLE = 'A photo could not be taken. Use JPEG, PNG or WebP files of at least 256 pixels, 4 at most.'
const isAboutPhotos = ({ details }: Problem) => typeof details['reason'] === 'string'
const photoErrors = (problem: Problem) => (isAboutPhotos(problem) ? { photos: PHOTO_TROUBLE } : {})
const troubleOf = (problem: Problem) => (isAboutPhotos(problem) ? undefined : sayProblem(problem))

const NEWS: Record<string, string> = {
  sent: 'Thank you. Your review is being looked at and appears here when that is done.',
  removed: 'Your review is taken back.',
}

type ReviewsPageProps = {
  frame: Frame
  product: Detail
  page: ReviewPage
  own: OwnReview | undefined
  state: FormState
  said?: string | undefined
  signedIn: boolean
}

function ReviewsPage({ frame, product, page, own, state, said, signedIn }: ReviewsPageProps) {
  const { slug, name, trail } = product
  const news = state === EMPTY_FORM ? NEWS[said ?? ''] : undefined
  const here = `/p/${slug}/reviews`
  return (
    <Layout frame={frame} title={`Reviews of ${name} · EshoTry`}>
      <div class="wrap pt-6 sm:pt-10">
        <Trail trail={[...trail, { href: `/p/${slug}`, label: name }]} title="Reviews" />
        <h1 class="heading text-4xl sm:text-5xl mt-4">What people say of {name}</h1>
        <div class="mt-8">
          <Trouble
            state={state}
            specs={[
              { name: 'rating', label: 'Stars', wrong: '' },
              { name: 'photos', label: 'Photos', wrong: '' },
            ]}
          />
          {news && <News>{news}</News>}
          <Summary summary={product.reviews} />
          {page.items.length > 0 && (
            <div class="mt-8">
              <ReviewList reviews={page.items} back={here} />
            </div>
          )}
          {page.nextCursor && (
            <a href={`${here}?cursor=${encodeURIComponent(page.nextCursor)}`} rel="next" class="outline mt-8">
              More reviews
            </a>
          )}
          <section aria-labelledby="write" class="mt-16">
            <h2 id="write" class="heading text-3xl mb-6">
              {own ? 'Your review' : 'Write a review'}
            </h2>
            {signedIn ? <ReviewForm slug={slug} own={own} state={state} /> : <SignInFirst next={here} />}
            {own && (
              <form method="post" action={`${here}/remove`} class="mt-4">
                <button class="quiet text-sm">Take my review back</button>
              </form>
            )}
          </section>
        </div>
      </div>
    </Layout>
  )
}

export function SignInFirst({ next }: { next: string }) {
  return (
    <p>
      <a href={`/login?next=${encodeURIComponent(next)}`} class="outline">
        Sign in to write a review
      </a>
    </p>
  )
}
