import { type Frame, Layout } from '../parts/layout.tsx'
import { Listing, Topics } from '../parts/listing.tsx'
import { Trail, type TrailStep } from '../parts/trail.tsx'
import { CATEGORY_SORTS, readListingQuery, unfiltered, writeListingQuery } from '../state/query.ts'
import { addressOf } from '../state/shapes.ts'
import type { Shop } from '../state/shop.ts'
import type { Category } from '../state/views.ts'

const LEADS: Record<string, string> = {
  women: 'Tops, knitwear, dresses and more, each with its real centimetres and ready to be tried on your photo.',
  men: 'Shirts, knitwear, trousers and more, each with its real centimetres and ready to be tried on your photo.',
}

/** Draws the listing of a category and everything under it; undefined when there is no such category. */
export async function drawListing(shop: Shop, frame: Frame, slug: string, params: URLSearchParams) {
  const { categories } = frame
  const category = categories.find((one) => one.slug === slug)
  if (!category) return undefined
  const asked = readListingQuery(params)
  const narrower = categories.find((one) => one.slug === asked.category && isUnder(categories, one, slug))?.slug
  const query = { ...asked, q: undefined, sort: asked.sort ?? CATEGORY_SORTS[0].value, category: narrower }
  const found = await shop.find(query, slug)
  const children = categories.filter((one) => one.parent === slug)
  const siblings = children.length > 0 ? children : categories.filter((one) => one.parent === category.parent)
  const lead = LEADS[slug] ?? `${category.name}, each with its real centimetres and ready to be tried on your photo.`
  return (
    <Layout
      frame={frame}
      title={`${category.name} · EshoTry`}
      description={lead}
      canonical={addressOf(narrower ?? slug)}
      islands={['listing', 'for-you']}
    >
      <div class="wrap pt-6 sm:pt-10">
        <Trail trail={trailOf(categories, category)} title={category.name} />
        <h1 class="heading text-4xl sm:text-6xl mt-4">{category.name}</h1>
        <p class="mt-3 max-w-xl text-soft">{lead}</p>
        {siblings.length > 0 && (
          <div class={children.length > 0 ? 'lg:hidden' : ''}>
            <Topics
              label="Categories"
              topics={siblings.map((one) => ({
                href: `/c/${one.slug}`,
                name: one.name,
                isCurrent: one.slug === slug,
              }))}
            />
          </div>
        )}
        <Listing frame={frame} query={query} found={found} sorts={CATEGORY_SORTS}>
          <div class="py-16 max-w-md">
            <h2 class="heading text-3xl">Nothing matches all of that</h2>
            <p class="mt-4 text-soft">Take one filter away, or widen the price, and more will come back.</p>
            <a href={frame.path + writeListingQuery(unfiltered(query))} class="outline mt-8" data-soft>
              Clear all filters
            </a>
          </div>
        </Listing>
      </div>
    </Layout>
  )
}

function isUnder(categories: Category[], { parent }: Category, slug: string): boolean {
  if (parent === slug) return true
  const above = categories.find((one) => one.slug === parent)
  return above !== undefined && isUnder(categories, above, slug)
}

function trailOf(categories: Category[], { parent }: Category): TrailStep[] {
  const above = categories.find(({ slug }) => slug === parent)
  if (!above) return [{ href: '/', label: 'Home' }]
  return [...trailOf(categories, above), { href: addressOf(above.slug), label: above.name }]
}
