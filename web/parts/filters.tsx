import { countFilters, type ListingQuery, unfiltered, writeListingQuery } from '../state/query.ts'
import type { Facets } from '../state/views.ts'
import { BrandGroup, CategoryGroup, ColourGroup, PriceGroup, RatingGroup, SizeGroup, StockGroup } from './facets.tsx'

type FiltersProps = { action: string; query: ListingQuery; facets: Facets }

/** A plain GET form: without script its button does the work, with script every change is answered at once. */
export function Filters({ action, query, facets }: FiltersProps) {
  return (
    <form id="filters" action={action} method="get" popover="auto" aria-label="Filters" class="sheet">
      {query.q && <input type="hidden" name="q" value={query.q} />}
      {query.exact && <input type="hidden" name="exact" value="true" />}
      <div class="flex items-center justify-between lg:hidden mb-2">
        <p class="font-display text-2xl">Filters</p>
        <button type="button" popovertarget="filters" popovertargetaction="hide" class="quiet">
          Close
        </button>
      </div>
      <CategoryGroup categories={facets.categories} chosen={query.category} />
      <ColourGroup colours={facets.colours} chosen={query.colour} />
      <SizeGroup sizes={facets.sizes} chosen={query.size} />
      <BrandGroup brands={facets.brands} chosen={query.brand} find={query.findBrand} />
      <PriceGroup action={action} query={query} price={facets.price} currency={facets.currency} />
      <RatingGroup ratings={facets.ratings} chosen={query.minRating} />
      <StockGroup count={facets.inStock} chosen={query.inStock} />
      <div class="flex flex-wrap items-center gap-x-6 gap-y-2 pt-6">
        <button type="submit" class="solid grow">
          Show products
        </button>
        <span id="clear" data-refresh class="lg:hidden">
          {countFilters(query) > 0 && (
            <a href={action + writeListingQuery(unfiltered(query))} class="quiet text-sm" data-soft>
              Clear all
            </a>
          )}
        </span>
      </div>
    </form>
  )
}
