import { Filters } from '../parts/filters.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { ProductGrid } from '../parts/product-card.tsx'
import { Trail, type TrailStep } from '../parts/trail.tsx'
import { countFilters, type ListingQuery, readListingQuery, SORTS, writeListingQuery } from '../state/query.ts'
import { addressOf } from '../state/shapes.ts'
import type { Shop } from '../state/shop.ts'
import type { Card, Category, Facets } from '../state/views.ts'

const LEADS: Record<string, string> = {
  women: 'Tops, knitwear, dresses and more, each with its real centimetres and ready to be tried on your photo.',
  men: 'Shirts, knitwear, trousers and more, each with its real centimetres and ready to be tried on your photo.',
}

/** Draws the listing of a category and everything under it; undefined when there is no such category. */
export async function drawListing(shop: Shop, frame: Frame, slug: string, params: URLSearchParams) {
  const category = frame.categories.find((one) => one.slug === slug)
  if (!category) return undefined
  const query = readListingQuery(params)
  const children = frame.categories.filter((one) => one.parent === slug)
  const asked = children.some((one) => one.slug === query.category) ? query.category : undefined
  const facets = await shop.facets(slug)
  const tones = facets.colours.filter(({ value }) => query.colour.includes(value))
  const page = await shop.listing({ ...query, category: asked ?? slug, colour: tones.flatMap(({ slugs }) => slugs) })
  const plain = countFilters({ ...query, category: undefined }) === 0
  const total = !plain || query.cursor ? undefined : asked ? (await shop.facets(asked)).total : facets.total
  const props: ListingProps = {
    frame,
    title: category.name,
    lead: LEADS[slug] ?? `${category.name}, each with its real centimetres and ready to be tried on your photo.`,
    trail: trailOf(frame.categories, category),
    siblings: children.length > 0 ? children : frame.categories.filter((one) => one.parent === category.parent),
    current: slug,
    query: { ...query, category: asked, colour: tones.map(({ value }) => value) },
    facets: { ...facets, categories: children.map((one) => ({ value: one.slug, label: one.name })) },
    withCategory: children.length > 0,
    ...page,
    total,
  }
  return <ListingPage {...props} />
}

function trailOf(categories: Category[], { parent }: Category): TrailStep[] {
  const above = categories.find(({ slug }) => slug === parent)
  if (!above) return [{ href: '/', label: 'Home' }]
  return [...trailOf(categories, above), { href: addressOf(above.slug), label: above.name }]
}

type ListingProps = {
  frame: Frame
  title: string
  lead: string
  trail: TrailStep[]
  siblings: Category[]
  current?: string | undefined
  query: ListingQuery
  facets: Facets
  withCategory: boolean
  cards: Card[]
  total?: number | undefined
  nextCursor?: string | null | undefined
}

function ListingPage(props: ListingProps) {
  const { frame, title, lead, query, facets, withCategory } = props
  const active = countFilters(query)
  return (
    <Layout frame={frame} title={`${title} · EshoTry`} description={lead} islands={['listing']}>
      <div class="wrap pt-6 sm:pt-10">
        <Trail trail={props.trail} title={title} />
        <h1 class="heading text-4xl sm:text-6xl mt-4">{title}</h1>
        <p class="mt-3 max-w-xl text-soft">{lead}</p>
        {props.siblings.length > 0 && (
          <div class={withCategory ? 'lg:hidden' : ''}>
            <Siblings siblings={props.siblings} current={props.current} />
          </div>
        )}
        <div class="mt-8 lg:mt-12 lg:grid lg:grid-cols-[15rem_1fr] lg:gap-12 xl:gap-16">
          <aside aria-label="Filters">
            <Filters action={frame.path} query={query} facets={facets} withCategory={withCategory} />
          </aside>
          <section aria-label="Products" class="min-w-0">
            <div class="flex items-center justify-between gap-4 mb-6 min-h-12">
              <button type="button" popovertarget="filters" class="outline min-h-11! px-5! lg:hidden" id="open-filters">
                <span id="filter-count" data-refresh>
                  {active > 0 ? `Filters (${active})` : 'Filters'}
                </span>
              </button>
              <p role="status" id="count" data-refresh class="text-sm text-soft max-lg:hidden">
                {countText(props)}
              </p>
              <SortField sort={query.sort} />
            </div>
            <div id="results" data-refresh tabindex={-1} class="outline-none">
              <Results {...props} />
            </div>
          </section>
        </div>
      </div>
    </Layout>
  )
}

const countText = ({ total, cards, nextCursor }: ListingProps): string => {
  const count = total ?? cards.length
  return `${count}${total === undefined && nextCursor ? '+' : ''} ${count === 1 ? 'product' : 'products'}`
}

function Results({ cards, frame, query, nextCursor }: ListingProps) {
  if (cards.length === 0)
    return (
      <div class="py-16 max-w-md">
        <h2 class="heading text-3xl">Nothing matches all of that</h2>
        <p class="mt-4 text-soft">Take one filter away, or widen the price, and more will come back.</p>
        <a href={frame.path} class="outline mt-8" data-soft>
          Clear all filters
        </a>
      </div>
    )
  return (
    <>
      <h2 class="sr-only">Products</h2>
      <ProductGrid cards={cards} />
      {(nextCursor || query.cursor) && (
        <nav aria-label="Pages" class="mt-16 flex flex-wrap items-center justify-center gap-x-8 gap-y-3">
          {query.cursor && (
            <a href={frame.path + writeListingQuery({ ...query, cursor: undefined })} class="quiet" data-soft>
              Back to the first page
            </a>
          )}
          {nextCursor && (
            <a
              href={frame.path + writeListingQuery({ ...query, cursor: nextCursor })}
              rel="next"
              class="outline"
              data-soft
            >
              Next page
            </a>
          )}
        </nav>
      )}
    </>
  )
}

function SortField({ sort }: { sort: string | undefined }) {
  return (
    <div class="flex items-center gap-2 ml-auto">
      <label for="sort" class="text-sm text-soft max-sm:sr-only">
        Sort by
      </label>
      <select id="sort" name="sort" form="filters" class="min-h-11 px-3 border border-edge bg-card text-sm max-w-48">
        {SORTS.map(({ value, label }) => (
          <option key={value} value={value} selected={value === (sort ?? SORTS[0].value)}>
            {label}
          </option>
        ))}
      </select>
      <noscript>
        <button type="submit" form="filters" class="outline min-h-11! px-4!">
          Sort
        </button>
      </noscript>
    </div>
  )
}

function Siblings({ siblings, current }: { siblings: Category[]; current: string | undefined }) {
  return (
    <nav aria-label="Categories" class="mt-6 -mx-4 px-4 sm:mx-0 sm:px-0">
      <ul class="rail sm:flex-wrap py-1">
        {siblings.map(({ slug, name }) => (
          <li key={slug} class="shrink-0">
            <a
              href={`/c/${slug}`}
              aria-current={slug === current ? 'page' : undefined}
              class="inline-flex items-center min-h-10 px-4 border border-line bg-card text-sm hover:border-ink aria-[current=page]:bg-ink aria-[current=page]:text-paper"
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
