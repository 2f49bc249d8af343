import { showMoney } from './money.ts'
import { type ListingQuery, writeListingQuery } from './query.ts'
import type { Category, Choice, Facets } from './views.ts'

/** A filter that is on, with the address of the same listing without it. */
export type Chip = { label: string; href: string }

type Names = { path: string; facets: Facets; categories: Category[] }

export function chipsOf(query: ListingQuery, { path, facets, categories }: Names): Chip[] {
  const chip = (label: string, less: Partial<ListingQuery>): Chip => ({
    label,
    href: path + writeListingQuery({ ...query, cursor: undefined, findBrand: undefined, ...less }),
  })
  const each = (name: 'brand' | 'colour' | 'size', choices: Choice[]) =>
    query[name].map((value) =>
      chip(labelOf(choices, value), { [name]: query[name].filter((other) => other !== value) }),
    )
  const { category, minPrice, maxPrice, minRating, inStock } = query
  const priced = minPrice !== undefined || maxPrice !== undefined
  return [
    ...(category ? [chip(nameOf(categories, category), { category: undefined })] : []),
    ...each('colour', facets.colours),
    ...each(
      'size',
      facets.sizes.map(({ value, label }) => ({ value, label: `Size ${label}` })),
    ),
    ...each('brand', facets.brands),
    ...(priced ? [chip(priceText(query, facets), { minPrice: undefined, maxPrice: undefined })] : []),
    ...(minRating ? [chip(`${minRating} stars or more`, { minRating: undefined })] : []),
    ...(inStock ? [chip('In stock', { inStock: undefined })] : []),
  ]
}

/** A value that is not among those to choose from any more still has a name, from its slug. */
export const labelOf = (choices: readonly Choice[], value: string): string =>
  choices.find((choice) => choice.value === value)?.label ??
  value.replace(/(^|-)(\p{L})/gu, (_, dash: string, letter: string) => (dash && ' ') + letter.toUpperCase())

function nameOf(categories: Category[], slug: string): string {
  const found = categories.find((one) => one.slug === slug)
  if (!found) return slug
  const above = categories.find((one) => one.slug === found.department)
  return above && above !== found ? `${above.name}, ${found.name}` : found.name
}

function priceText({ minPrice, maxPrice }: ListingQuery, { currency }: Facets): string {
  const show = (whole: number) => showMoney({ amount: Math.round(whole * 100), currency }).replace(/\.00$/, '')
  if (minPrice === undefined) return `Up to ${show(maxPrice ?? 0)}`
  return maxPrice === undefined ? `From ${show(minPrice)}` : `${show(minPrice)} to ${show(maxPrice)}`
}
