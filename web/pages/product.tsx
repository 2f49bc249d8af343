import type { ComponentChildren } from 'preact'
import { Chooser } from '../parts/chooser.tsx'
import { DataBlock, Island } from '../parts/island.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { DevicePlace, PickSection } from '../parts/pick-row.tsx'
import { ReviewForm, ReviewList, Summary } from '../parts/reviews.tsx'
import { SizeTable } from '../parts/size-table.tsx'
import { Trail, type TrailStep } from '../parts/trail.tsx'
import type { Client } from '../../openapi/client.ts'
import { EMPTY_FORM } from '../state/forms.ts'
import { listReviews, type OwnReview, type ReviewPage } from '../state/reviews.ts'
import { listComplementary, listSimilar, type PickRow, without } from '../state/picks.ts'
import type { Viewed } from '../state/seen.ts'
import type { Detail } from '../state/views.ts'

type Asked = { colour?: string; size?: string }

/** What a product page shows to somebody who is signed in. */
export type Mine = { wished: boolean; review: OwnReview | undefined }

type Drawing = { product: Detail; asked: Asked; trouble?: string | undefined; mine?: Mine | undefined }

const REVIEWS = 3
const NO_REVIEWS: ReviewPage = { items: [], nextCursor: null }

/** Draws a product in the colour asked for, or its first, with what goes with it and what is like it below. */
export async function drawProduct({ api }: { api: Client }, frame: Frame, { product, asked, trouble, mine }: Drawing) {
  const colour = colourOf(product, asked.colour)
  const [similar, completing, reviews] = await Promise.all([
    listSimilar(api, product.id, 12),
    listComplementary(api, product.id, 4),
    product.reviews.count > 0 ? listReviews(api, product.id, { limit: REVIEWS }) : NO_REVIEWS,
  ])
  const look: PickRow = { id: 'look', title: 'Complete the look', picks: completing, mixed: true }
  const alike = without([look], { id: 'alike', title: 'More like this', picks: similar }, 8)
  return <ProductPage {...{ frame, product, colour, size: asked.size, trouble, alike, look, reviews, mine }} />
}

const slugAt = (step: TrailStep | undefined) => step?.href.split('/').at(-1)

/** The colour asked for when the product has it, else its first. */
export const colourOf = ({ colours }: Pick<Detail, 'colours'>, asked: string | undefined): string =>
  colours.find(({ slug }) => slug === asked)?.slug ?? colours[0]?.slug ?? ''

type ProductPageProps = {
  frame: Frame
  product: Detail
  colour: string
  size?: string | undefined
  /** Why it could not be put into the bag. */
  trouble?: string | undefined
  alike: PickRow
  look: PickRow
  reviews: ReviewPage
  /** Undefined for a guest, whose page is the same for all. */
  mine?: Mine | undefined
}

function ProductPage({ frame, product, colour, size, trouble, alike, look, reviews, mine }: ProductPageProps) {
  const { id, slug, name, brand, colours, sizes, pictures, variants, sizeTable } = product
  const props = {
    product: { id, slug, name, brand, colours, sizes, pictures, variants, sizeTable },
    colour,
    size,
    trouble,
    wished: mine?.wished ?? false,
  }
  return (
    <Layout
      frame={frame}
      title={`${name} · ${brand} · EshoTry`}
      description={product.description}
      islands={['product', 'for-you']}
    >
      <DataBlock name="viewed" data={viewedOf(product, colour)} />
      <div class="wrap pt-6 sm:pt-10">
        <Trail trail={product.trail} title={name} />
        <div class="mt-6">
          <Island name="product" props={props}>
            <Chooser {...props} />
          </Island>
        </div>
        <div class="mt-16 sm:mt-24 grid grid-cols-1 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] gap-12 lg:gap-16">
          {product.sizeTable && (
            <Section id="sizes" title="Sizes">
              <SizeTable table={product.sizeTable} />
            </Section>
          )}
          <div>
            <Section id="about" title="About this piece">
              <p>{product.description}</p>
              <dl class="mt-6 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-[0.95rem]">
                {product.facts.map((fact) => (
                  <div key={fact.name} class="contents">
                    <dt class="text-soft">{fact.name}</dt>
                    <dd>{fact.value}</dd>
                  </div>
                ))}
              </dl>
            </Section>
            {(product.fabric || product.care.length > 0) && (
              <Section id="care" title="Fabric and care" class="mt-12">
                {product.fabric && <p>{product.fabric}</p>}
                <ul class="mt-3 text-[0.95rem] text-soft list-disc pl-5">
                  {product.care.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </Section>
            )}
          </div>
        </div>
        <ProductReviews product={product} reviews={reviews} mine={mine} />
        <PickSection row={look} />
        <PickSection row={alike} />
        <DevicePlace without={id} />
      </div>
    </Layout>
  )
}

/** What the device may remember of this page. */
function viewedOf({ id, slug, name, brand, trail, pictures }: Detail, colour: string): Viewed {
  const picture = (pictures.find((one) => one.colour === colour) ?? pictures[0])?.picture
  return { id, slug, name, brand, category: slugAt(trail.at(-1)) ?? '', picture }
}

type ProductReviewsProps = Pick<ProductPageProps, 'product' | 'reviews' | 'mine'>

function ProductReviews({ product: { slug, reviews: summary }, reviews, mine }: ProductReviewsProps) {
  const all = `/p/${slug}/reviews`
  return (
    <Section id="reviews" title="What people say" class="mt-16 sm:mt-24">
      <Summary summary={summary} />
      {reviews.items.length > 0 && (
        <div class="mt-8">
          <ReviewList reviews={reviews.items} back={`/p/${slug}`} />
        </div>
      )}
      <div class="mt-6 flex flex-wrap items-start gap-x-8 gap-y-3">
        {reviews.nextCursor && (
          <a href={all} class="quiet">
            All {summary.count} reviews
          </a>
        )}
        {mine ? (
          <details class="w-full">
            <summary class="outline">{mine.review ? 'Change your review' : 'Write a review'}</summary>
            <div class="mt-6">
              <ReviewForm slug={slug} own={mine.review} state={EMPTY_FORM} />
            </div>
          </details>
        ) : (
          <a href={`/login?next=${encodeURIComponent(all)}`} class="outline">
            Sign in to write a review
          </a>
        )}
      </div>
    </Section>
  )
}

type SectionProps = { id: string; title: string; class?: string; children: ComponentChildren }

function Section({ id, title, class: className, children }: SectionProps) {
  return (
    <section aria-labelledby={id} class={className}>
      <h2 id={id} class="heading text-2xl sm:text-3xl mb-5">
        {title}
      </h2>
      {children}
    </section>
  )
}
