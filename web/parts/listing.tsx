import type { ComponentChildren } from 'preact'
import { chipsOf } from '../state/chips.ts'
import type { Found } from '../state/found.ts'
import { countFilters, type ListingQuery, type Sort, unfiltered, writeListingQuery } from '../state/query.ts'
import { Chips } from './chips.tsx'
import { Filters } from './filters.tsx'
import type { Frame } from './layout.tsx'
import { Results } from './results.tsx'

type ListingProps = {
  frame: Frame
  query: ListingQuery
  found: Found
  /** The first is what is meant when the address names none. */
  sorts: readonly { value: Sort; label: string }[]
  /** What to say when nothing was found. */
  children: ComponentChildren
}

const PLAIN_SORTS = new Set<Sort>(['newest', 'price', '-price'])

/** Filters beside what is found. Parts marked `data-refresh` are what the island `listing` exchanges. */
export function Listing({ frame, query: asked, found, sorts, children }: ListingProps) {
  const { path, categories } = frame
  const query = found.plain ?? asked
  const active = countFilters(query)
  if (found.total === 0 && active === 0) return <section aria-label="Products">{children}</section>
  return (
    <>
      {found.plain && <Preparing />}
      <div class="mt-8 lg:mt-12 lg:grid lg:grid-cols-[15rem_1fr] lg:gap-12 xl:gap-16">
        <aside aria-label="Filters">
          <Filters action={path} query={query} facets={found.facets} />
        </aside>
        <section aria-label="Products" class="min-w-0">
          <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 mb-6 min-h-12">
            <button type="button" popovertarget="filters" class="outline min-h-11! px-5! lg:hidden" id="open-filters">
              <span id="filter-count" data-refresh>
                {active > 0 ? `Filters (${active})` : 'Filters'}
              </span>
            </button>
            <p
              role="status"
              id="count"
              data-refresh
              class="text-sm text-soft max-lg:order-last max-lg:w-full tabular-nums"
            >
              {found.total !== undefined && countText(found.total)}
            </p>
            <SortField
              sort={query.sort}
              sorts={found.plain ? sorts.filter(({ value }) => PLAIN_SORTS.has(value)) : sorts}
            />
          </div>
          <div id="chips" data-refresh>
            <Chips
              chips={chipsOf(query, { path, categories, facets: found.facets })}
              clear={path + writeListingQuery(unfiltered(query))}
            />
          </div>
          <div id="results" data-refresh tabindex={-1} class="outline-none">
            <Results path={path} query={query} found={found}>
              {children}
            </Results>
          </div>
          <p id="more-status" role="status" class="sr-only" />
        </section>
      </div>
    </>
  )
}

const Preparing = () => (
  <p class="mt-6 max-w-2xl border-l-2 border-accent pl-4">
    Search is being prepared. Until it is ready, the shop is listed plainly: words cannot be looked for, and some
    filters are missing.
  </p>
)

export const countText = (total: number): string =>
  `${total.toLocaleString('en')} ${total === 1 ? 'product' : 'products'}`

type SortProps = { sort: Sort | undefined; sorts: ListingProps['sorts'] }

function SortField({ sort, sorts }: SortProps) {
  return (
    <div class="flex items-center gap-2 ml-auto">
      <label for="sort" class="text-sm text-soft max-sm:sr-only">
        Sort by
      </label>
      <select id="sort" name="sort" form="filters" class="min-h-11 px-3 border border-edge bg-card text-sm max-w-48">
        {sorts.map(({ value, label }) => (
          <option key={value} value={value} selected={value === (sort ?? sorts[0]?.value)}>
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

type TopicsProps = { label: string; topics: { href: string; name: string; isCurrent?: boolean }[] }

/** Ways on from here, in a row that scrolls where it is too long. */
export function Topics({ label, topics }: TopicsProps) {
  return (
    <nav aria-label={label} class="mt-6 -mx-4 px-4 sm:mx-0 sm:px-0">
      <ul class="rail sm:flex-wrap py-1">
        {topics.map(({ href, name, isCurrent }) => (
          <li key={href} class="shrink-0">
            <a
              href={href}
              aria-current={isCurrent ? 'page' : undefined}
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
