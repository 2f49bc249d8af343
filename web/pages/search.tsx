import { Hono } from 'hono'
import { type Frame, Layout } from '../parts/layout.tsx'
import { Listing, Topics } from '../parts/listing.tsx'
import { labelOf } from '../state/chips.ts'
import type { Found } from '../state/found.ts'
import {
  countFilters,
  type ListingQuery,
  readListingQuery,
  SEARCH_SORTS,
  unfiltered,
  writeListingQuery,
} from '../state/query.ts'
import { addressOf } from '../state/shapes.ts'
import { createShop, ShopError } from '../state/shop.ts'
import type { Category } from '../state/views.ts'
import { varied } from '../state/varied.ts'
import { type Site, send } from './site.tsx'

/** What was searched for in words, or is left of the shop by filters alone. */
export function searchPages(site: Site) {
  const pages = new Hono()
  pages.get('/search', async (c) => {
    const query = readListingQuery(new URL(c.req.url).searchParams)
    const visit = site.visit(c)
    // The order may be of one person's taste, who has agreed to that: it is shown to nobody else.
    const isPersonal = visit.hasSession || visit.cookie('visitor') !== undefined
    c.header('vary', 'cookie', { append: true })
    if (isPersonal) c.header('cache-control', 'private, no-cache')
    try {
      const found = await (isPersonal ? createShop(visit.api) : site.shop).find(query)
      const frame = { ...(await site.frame(c)), searched: query.q }
      return send(c, <SearchPage frame={frame} query={query} found={found} />)
    } catch (error) {
      // A filter that no longer exists: the same words without it.
      const plain = c.req.path + writeListingQuery(unfiltered({ ...query, sort: undefined }))
      if (error instanceof ShopError && error.status === 400 && plain !== pathOf(c.req.url)) return c.redirect(plain)
      throw error
    }
  })
  return pages
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

type SearchProps = { frame: Frame; query: ListingQuery; found: Found }

function SearchPage(props: SearchProps) {
  const { frame, query, found } = props
  const title = titleOf(props)
  return (
    <Layout
      frame={frame}
      title={`${title} · EshoTry`}
      unlisted
      canonical={canonicalOf(frame, query)}
      islands={['listing']}
    >
      <div class="wrap pt-6 sm:pt-10">
        <div id="searched" data-refresh>
          <p class="label text-soft">Search</p>
          <h1 class="heading text-3xl sm:text-5xl mt-3 break-words">{title}</h1>
          <Notices query={query} found={found} />
        </div>
        <Listing frame={frame} query={query} found={found} sorts={SEARCH_SORTS}>
          <Nothing {...props} />
        </Listing>
      </div>
    </Layout>
  )
}

const canonicalOf = ({ path }: Frame, query: ListingQuery) =>
  path + writeListingQuery(unfiltered({ ...query, sort: undefined }))

/** The words, as they were searched; without any, the one brand or category that is left. */
function titleOf({ frame, query, found }: SearchProps): string {
  const words = found.plain ? undefined : (found.correctedQuery ?? query.q)
  if (words) return `“${words}”`
  const [brand, ...others] = query.brand
  if (brand && others.length === 0) return labelOf(found.facets.brands, brand)
  return frame.categories.find(({ slug }) => slug === query.category)?.name ?? 'Everything in the shop'
}

/** What was done with the words, where it is not what they say. */
function Notices({ query, found: { correctedQuery, relaxed, total } }: Pick<SearchProps, 'query' | 'found'>) {
  const asTyped = { ...unfiltered({ ...query, sort: undefined }), exact: true }
  return (
    <>
      {correctedQuery && query.q && (
        <p class="mt-4 text-lg">
          Showing results for <strong class="font-semibold">{correctedQuery}</strong>. Search instead for{' '}
          <a href={`/search${writeListingQuery(asTyped)}`} class="underline underline-offset-4" rel="nofollow">
            {query.q}
          </a>
          .
        </p>
      )}
      {relaxed && total !== 0 && (
        <p class="mt-4 text-soft max-w-xl">Nothing has all of these words. These have some of them, the best first.</p>
      )}
    </>
  )
}

const MOST_TOPICS = 10

/** Where nothing was found: why that may be, and ways on. */
function Nothing({ frame, query }: SearchProps) {
  const isFiltered = countFilters(query) > 0
  return (
    <div class="py-10 max-w-2xl">
      <h2 class="heading text-3xl">{query.q ? 'We found nothing for that' : 'Nothing matches all of that'}</h2>
      <ul class="mt-4 text-soft list-disc pl-5 grid gap-1">
        {query.q && <li>Look at the spelling, or use fewer words.</li>}
        {query.q && <li>Try a word that means more: “dress” rather than the name of one.</li>}
        {isFiltered && <li>Take one filter away, or widen the price.</li>}
      </ul>
      {isFiltered && (
        <a href={frame.path + writeListingQuery(unfiltered(query))} class="outline mt-8" data-soft>
          Clear all filters
        </a>
      )}
      <h3 class="font-display text-xl mt-10">Or look around</h3>
      <Topics label="Categories" topics={topicsOf(frame.categories)} />
    </div>
  )
}

const topicsOf = (categories: Category[]) =>
  varied(
    categories.filter(({ parent, department }) => parent !== null && parent === department),
    ({ department }) => department,
    MOST_TOPICS,
  ).map(({ slug, name, department }) => ({
    href: addressOf(slug),
    name: `${name}, ${categories.find((one) => one.slug === department)?.name.toLowerCase() ?? department}`,
  }))
