import type { ComponentChildren } from 'preact'
import { countFilters, type ListingQuery } from '../state/query.ts'
import type { Choice, Facets } from '../state/views.ts'
import { Dot } from './swatch.tsx'

type FiltersProps = { action: string; query: ListingQuery; facets: Facets; withCategory: boolean }

/** A plain GET form: without script its button does the work, with script every change is answered at once. */
export function Filters({ action, query, facets, withCategory }: FiltersProps) {
  return (
    <form id="filters" action={action} method="get" popover="auto" aria-label="Filters" class="sheet">
      <div class="flex items-center justify-between lg:hidden mb-2">
        <p class="font-display text-2xl">Filters</p>
        <button type="button" popovertarget="filters" popovertargetaction="hide" class="quiet">
          Close
        </button>
      </div>
      {withCategory && facets.categories.length > 0 && (
        <Group name="category" title="Category">
          <Tick kind="radio" name="category" choice={{ value: '', label: 'All' }} checked={!query.category} />
          {facets.categories.map((choice) => (
            <Tick
              key={choice.value}
              kind="radio"
              name="category"
              choice={choice}
              checked={query.category === choice.value}
            />
          ))}
        </Group>
      )}
      <ColourGroup colours={facets.colours} chosen={query.colour} />
      <SizeGroup sizes={facets.sizes} chosen={query.size} />
      {facets.brands.length > 1 && (
        <Group name="brand" title="Brand">
          {facets.brands.map((choice) => (
            <Tick
              key={choice.value}
              kind="checkbox"
              name="brand"
              choice={choice}
              checked={query.brand.includes(choice.value)}
            />
          ))}
        </Group>
      )}
      <PriceFields query={query} range={facets.priceRange} />
      <div class="flex flex-wrap items-center gap-x-6 gap-y-2 pt-6">
        <button type="submit" class="solid grow">
          Show products
        </button>
        {countFilters(query) > 0 && (
          <a href={action} class="quiet text-sm" data-soft>
            Clear all
          </a>
        )}
      </div>
    </form>
  )
}

function ColourGroup({ colours, chosen }: { colours: Facets['colours']; chosen: string[] }) {
  if (colours.length === 0) return null
  return (
    <Group name="colour" title="Colour">
      <div class="flex flex-wrap gap-1 -ml-1.5">
        {colours.map(({ hex, value, label }) => (
          <label key={value} class="choice min-w-11 min-h-11 items-center justify-center" title={label}>
            <input
              type="checkbox"
              id={`colour-${value}`}
              name="colour"
              value={value}
              checked={chosen.includes(value)}
            />
            <span class="dot">
              <Dot hex={hex} size={28} />
            </span>
            <span class="sr-only">{label}</span>
          </label>
        ))}
      </div>
    </Group>
  )
}

function SizeGroup({ sizes, chosen }: { sizes: Choice[]; chosen: string[] }) {
  if (sizes.length === 0) return null
  return (
    <Group name="size" title="Size">
      <div class="flex flex-wrap gap-1.5">
        {sizes.map(({ value, label }) => (
          <label key={value} class="choice">
            <input type="checkbox" id={`size-${value}`} name="size" value={value} checked={chosen.includes(value)} />
            <span class="face text-sm">{label}</span>
          </label>
        ))}
      </div>
    </Group>
  )
}

function Group({ name, title, children }: { name: string; title: string; children: ComponentChildren }) {
  return (
    <fieldset class="border-b border-line py-5" id={`group-${name}`} data-refresh>
      <legend class="label float-left w-full mb-3">{title}</legend>
      <div class="clear-both">{children}</div>
    </fieldset>
  )
}

type TickProps = { kind: 'radio' | 'checkbox'; name: string; choice: Choice; checked: boolean }

function Tick({ kind, name, choice, checked }: TickProps) {
  return (
    <label class="flex items-center gap-3 min-h-9 cursor-pointer text-[0.95rem] hover:underline underline-offset-4">
      <input
        type={kind}
        id={`${name}-${choice.value || 'all'}`}
        name={name}
        value={choice.value}
        checked={checked}
        class="w-4.5 h-4.5 shrink-0"
      />
      <span class="grow">{choice.label}</span>
      {choice.count !== undefined && <span class="text-sm text-soft tabular-nums">{choice.count}</span>}
    </label>
  )
}

function PriceFields({ query, range }: { query: ListingQuery; range: Facets['priceRange'] }) {
  const fields = [
    { name: 'minPrice', label: 'From', value: query.minPrice, hint: range && Math.floor(range.min / 100) },
    { name: 'maxPrice', label: 'To', value: query.maxPrice, hint: range && Math.ceil(range.max / 100) },
  ]
  return (
    <fieldset class="border-b border-line py-5" id="group-price">
      <legend class="label float-left w-full mb-3">{`Price in ${range?.currency ?? 'EUR'}`}</legend>
      <div class="clear-both grid grid-cols-2 gap-3">
        {fields.map(({ name, label, value, hint }) => (
          <label key={name} class="text-sm text-soft">
            {label}
            <input
              type="number"
              inputmode="numeric"
              min="0"
              step="1"
              id={name}
              name={name}
              value={value}
              placeholder={hint === undefined ? undefined : String(hint)}
              class="field mt-1"
            />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
