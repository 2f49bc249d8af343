import type { ComponentChildren } from 'preact'
import { labelOf } from '../state/chips.ts'
import { type ListingQuery, writeListingQuery } from '../state/query.ts'
import type { Branch, Choice, Facets } from '../state/views.ts'
import { Dot } from './swatch.tsx'

type GroupProps = {
  name: string
  title: string
  before?: ComponentChildren
  isEmpty?: boolean
  children: ComponentChildren
}

/** `before` stays as it is when the choices change: somebody may be typing there. */
function Group({ name, title, before, isEmpty, children }: GroupProps) {
  return (
    <fieldset id={`facet-${name}`} class="border-b border-line py-5" hidden={isEmpty} data-hide>
      <legend class="label float-left w-full mb-3">{title}</legend>
      <div class="clear-both">
        {before}
        <div id={`group-${name}`} data-refresh>
          {children}
        </div>
      </div>
    </fieldset>
  )
}

type TickProps = { kind: 'radio' | 'checkbox'; name: string; choice: Choice; checked: boolean; class?: string }

function Tick({ kind, name, choice, checked, class: look = '' }: TickProps) {
  return (
    <label
      class={`flex items-center gap-3 min-h-9 cursor-pointer text-[0.95rem] hover:underline underline-offset-4 ${look}`}
    >
      <input
        type={kind}
        id={`${name}-${choice.value || 'all'}`}
        name={name}
        value={choice.value}
        checked={checked}
        class="w-4.5 h-4.5 shrink-0"
      />
      <span class="grow min-w-0">{choice.label}</span> <Count of={choice} />
    </label>
  )
}

function Count({ of: { count } }: { of: Pick<Choice, 'count'> }) {
  if (count === undefined) return null
  return (
    <span class="text-sm text-soft tabular-nums">
      {count}
      <span class="sr-only">{count === 1 ? ' product' : ' products'}</span>
    </span>
  )
}

const INDENTS = ['', 'pl-5', 'pl-10', 'pl-15', 'pl-20']

type TicksProps = Pick<TickProps, 'kind' | 'name'> & { choices: (Choice & Partial<Branch>)[]; chosen: string[] }

const Ticks = ({ kind, name, choices, chosen }: TicksProps) => (
  <>
    {choices.map((choice) => (
      <Tick
        key={choice.value}
        kind={kind}
        name={name}
        choice={choice}
        checked={chosen.includes(choice.value)}
        class={INDENTS[choice.depth ?? 0] ?? ''}
      />
    ))}
  </>
)

/** What is on stays there to be taken off, though nothing has it any more. */
const withChosen = (choices: Choice[], chosen: string[]): Choice[] => [
  ...choices,
  ...chosen
    .filter((value) => !choices.some((choice) => choice.value === value))
    .map((value) => ({ value, label: labelOf(choices, value), count: 0 })),
]

export function CategoryGroup({ categories, chosen }: { categories: Branch[]; chosen: string | undefined }) {
  const isKnown = categories.some(({ value }) => value === chosen)
  return (
    <Group name="category" title="Category" isEmpty={categories.length === 0}>
      <Tick kind="radio" name="category" choice={{ value: '', label: 'All' }} checked={!isKnown} />
      <Ticks kind="radio" name="category" choices={categories} chosen={chosen ? [chosen] : []} />
    </Group>
  )
}

export function ColourGroup({ colours, chosen }: { colours: Facets['colours']; chosen: string[] }) {
  const known = new Set(colours.map(({ value }) => value))
  const unknown = chosen.filter((value) => !known.has(value))
  return (
    <Group name="colour" title="Colour" isEmpty={colours.length === 0 && chosen.length === 0}>
      <div class="flex flex-wrap gap-1 -ml-1.5">
        {colours.map(({ hex, value, label, count }) => (
          <label key={value} class="choice flex-col min-w-11 min-h-11 items-center justify-center" title={label}>
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
            <span class="text-xs text-soft tabular-nums" aria-hidden="true">
              {count}
            </span>
            <span class="sr-only">{`${label}, ${count} ${count === 1 ? 'product' : 'products'}`}</span>
          </label>
        ))}
      </div>
      <Ticks kind="checkbox" name="colour" choices={withChosen([], unknown)} chosen={unknown} />
    </Group>
  )
}

export function SizeGroup({ sizes, chosen }: { sizes: Choice[]; chosen: string[] }) {
  const choices = withChosen(sizes, chosen)
  return (
    <Group name="size" title="Size" isEmpty={choices.length === 0}>
      <div class="flex flex-wrap gap-1.5 max-h-62 overflow-y-auto -m-1 p-1">
        {choices.map(({ value, label, count }) => (
          <label key={value} class="choice">
            <input type="checkbox" id={`size-${value}`} name="size" value={value} checked={chosen.includes(value)} />
            <span class="face text-sm gap-1.5">
              {label}
              <span class="text-xs opacity-75 tabular-nums">{count}</span>
              <span class="sr-only">{count === 1 ? ' product' : ' products'}</span>
            </span>
          </label>
        ))}
      </div>
    </Group>
  )
}

/** From so many on, brands are looked for rather than looked through. */
const MANY_BRANDS = 10

type BrandGroupProps = { brands: Choice[]; chosen: string[]; find: string | undefined }

export function BrandGroup({ brands, chosen, find }: BrandGroupProps) {
  const choices = withChosen(brands, chosen)
  const isMany = find !== undefined || brands.length > MANY_BRANDS
  return (
    <Group
      name="brand"
      title="Brand"
      isEmpty={!isMany && choices.length < 2 && chosen.length === 0}
      before={isMany && <BrandFinder find={find} />}
    >
      <div class={isMany ? 'max-h-80 overflow-y-auto -mx-1 px-1' : ''}>
        <Ticks kind="checkbox" name="brand" choices={choices} chosen={chosen} />
        {choices.length === 0 && <p class="text-sm text-soft py-2">No brand here begins like that.</p>}
      </div>
    </Group>
  )
}

function BrandFinder({ find }: { find: string | undefined }) {
  return (
    <div class="flex gap-2 mb-2">
      <label class="grow min-w-0">
        <span class="sr-only">Find a brand</span>
        <input
          type="search"
          id="findBrand"
          name="findBrand"
          value={find}
          maxLength={60}
          placeholder="Find a brand"
          autocomplete="off"
          data-find
          class="field"
        />
      </label>
      <button class="no-js outline min-h-11! px-4!">Find</button>
    </div>
  )
}

type PriceGroupProps = { action: string; query: ListingQuery } & Pick<Facets, 'price' | 'currency'>

export function PriceGroup({ action, query, price, currency }: PriceGroupProps) {
  const fields = [
    { name: 'minPrice', label: 'From', value: query.minPrice, hint: price && Math.floor(price.min) },
    { name: 'maxPrice', label: 'To', value: query.maxPrice, hint: price && Math.ceil(price.max) },
  ]
  const isOn = query.minPrice !== undefined || query.maxPrice !== undefined
  const ranges = isOn || !price || price.ranges.length < 2 ? [] : price.ranges
  return (
    <Group
      name="price"
      title={`Price in ${currency}`}
      before={
        <div class="grid grid-cols-2 gap-3">
          {fields.map(({ name, label, value, hint }) => (
            <label key={name} class="text-sm text-soft">
              {label}
              <input
                type="number"
                inputmode="numeric"
                min="0"
                step="any"
                id={name}
                name={name}
                value={value}
                placeholder={hint === undefined ? undefined : String(hint)}
                class="field mt-1"
              />
            </label>
          ))}
        </div>
      }
    >
      {ranges.length > 0 && (
        <ul class="mt-3">
          {ranges.map(({ from, to, label, count }) => (
            <li key={from}>
              <a
                href={action + writeListingQuery({ ...query, cursor: undefined, minPrice: from, maxPrice: to })}
                data-soft
                class="flex items-center justify-between gap-3 min-h-9 text-[0.95rem] hover:underline underline-offset-4"
              >
                {label} <Count of={{ count }} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </Group>
  )
}

type RatingGroupProps = { ratings: Facets['ratings']; chosen: number | undefined }

export function RatingGroup({ ratings, chosen }: RatingGroupProps) {
  const offered =
    ratings.some(({ from }) => from === chosen) || !chosen ? ratings : [...ratings, { from: chosen, count: 0 }]
  const choices = offered.map(({ from, count }) => ({
    value: String(from),
    label: `${from} ${from === 1 ? 'star' : 'stars'} or more`,
    count,
  }))
  return (
    <Group name="rating" title="Rating" isEmpty={choices.length === 0}>
      <Tick kind="radio" name="minRating" choice={{ value: '', label: 'Any' }} checked={!chosen} />
      <Ticks kind="radio" name="minRating" choices={choices} chosen={chosen ? [String(chosen)] : []} />
    </Group>
  )
}

export function StockGroup({ count, chosen }: { count: number; chosen: boolean | undefined }) {
  return (
    <Group name="stock" title="Availability" isEmpty={count === 0 && !chosen}>
      <Tick
        kind="checkbox"
        name="inStock"
        choice={{ value: 'true', label: 'In stock', count }}
        checked={chosen === true}
      />
    </Group>
  )
}
