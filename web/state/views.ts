/** What the pages show, free of how the API spells it. */

export type Money = { amount: number; currency: string }

/** A picture in several formats and widths; width and height are those of the largest, so the layout never shifts. */
export type Picture = {
  src: string
  alt: string
  width: number
  height: number
  sources: { type: string; srcset: string }[]
}

export type Colour = { name: string; slug: string; hex: string }

export type Card = {
  id: string
  slug: string
  name: string
  brand: string
  price: Money
  picture?: Picture | undefined
  colours: Colour[]
  category: string
  /** What wearers say of it, once anybody has. */
  rating?: { mean: number; count: number } | undefined
  /** The colour to show it in, where one was asked for. */
  shownIn?: string | undefined
  /** The name in pieces, of which some were searched for. */
  runs?: Run[] | undefined
  /** Where in its description it has what was searched for, when its name has none of it. */
  snippet?: Run[] | undefined
}

export type Run = { text: string; marked: boolean }

export type Variant = { id: string; size: string; colour: string; price: Money; inStock: boolean }

/** Finished garment measures in cm: per zone one number for each of `sizes`, smallest size first. */
export type SizeTable = { sizes: string[]; zones: { name: string; cm: (number | undefined)[] }[] }

/** What wearers say in sum: how many, the mean of their stars, and how many say how it falls. */
export type ReviewSummary = {
  count: number
  rating: number | null
  fit: { small: number; true: number; large: number }
}

export type Detail = {
  id: string
  slug: string
  name: string
  brand: string
  description: string
  trail: { href: string; label: string }[]
  colours: Colour[]
  sizes: string[]
  pictures: { colour: string | null; picture: Picture }[]
  variants: Variant[]
  sizeTable?: SizeTable | undefined
  fabric?: string | undefined
  care: string[]
  facts: { name: string; value: string }[]
  reviews: ReviewSummary
}

export type Choice = { value: string; label: string; count?: number | undefined }

/** A category to narrow to; `depth` is how far it lies under the topmost ones that are shown. */
export type Branch = Choice & { depth: number }

/** In whole units of the currency, as they are typed. */
export type PriceRange = { from: number; to: number; label: string; count: number }

export type Facets = {
  categories: Branch[]
  brands: Choice[]
  /** Families of colours. */
  colours: (Choice & { hex: string })[]
  sizes: Choice[]
  price?: { min: number; max: number; ranges: PriceRange[] } | undefined
  /** So many stars or more, the most first. */
  ratings: { from: number; count: number }[]
  inStock: number
  /** That of all prices, where nothing is found too. */
  currency: string
}

/** `department` is the slug of the topmost category it lies under: women or men. */
export type Category = { slug: string; name: string; department: string; parent: string | null }
