import type { ComponentChildren } from 'preact'
import type { Found } from '../state/found.ts'
import { type ListingQuery, writeListingQuery } from '../state/query.ts'
import { ProductGrid } from './product-card.tsx'

type ResultsProps = {
  path: string
  query: ListingQuery
  found: Found
  /** What to say when nothing was found. */
  children: ComponentChildren
}

/** The cards, and the way to more: a link to the next page, which the island `listing` follows in place. */
export function Results({ path, query, found, children }: ResultsProps) {
  const { cards, nextCursor, searchId } = found
  if (cards.length === 0) return <>{children}</>
  return (
    <>
      <h2 class="sr-only">Products</h2>
      <div data-search-id={searchId || undefined} data-query={query.q ?? ''}>
        <ProductGrid cards={cards} />
      </div>
      <Pages path={path} query={query} nextCursor={nextCursor} />
    </>
  )
}

type PagesProps = { path: string; query: ListingQuery; nextCursor: string | null }

function Pages({ path, query, nextCursor }: PagesProps) {
  if (!nextCursor && !query.cursor) return null
  const page = (cursor: string | undefined) => path + writeListingQuery({ ...query, findBrand: undefined, cursor })
  return (
    <nav id="pages" aria-label="Pages" class="mt-16 flex flex-wrap items-center justify-center gap-x-8 gap-y-3">
      {query.cursor && (
        <a href={page(undefined)} class="quiet" data-soft>
          Back to the first page
        </a>
      )}
      {nextCursor && (
        <a href={page(nextCursor)} rel="next" class="outline min-w-56">
          <span class="no-js">Next page</span>
          <span class="js-only">Load more</span>
        </a>
      )}
    </nav>
  )
}
