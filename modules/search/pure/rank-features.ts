/** What is known of each product that is ranked, in the order of the columns; every value is 0 to 1. */
export const RANK_FEATURES = [
  'text',
  'popularity',
  'newness',
  'rating',
  'price',
  'size',
  'brand',
  'category',
  'colour',
  'clicks',
] as const
export type RankFeature = (typeof RANK_FEATURES)[number]

/** A product as far as its place in a list may depend on it; see `SearchHit` of the index. */
export type RankItem = {
  id: string
  /** Of the text; 0 where there is none. */
  score: number
  brand: string
  /** From the root to its own. */
  categories: readonly string[]
  colours: readonly string[]
  sizesInStock: readonly string[]
  /** Minor units. */
  priceAmount: number
  /** 1 to 5; 0 where nobody reviewed it. */
  rating: number
  popularity: number
  /** Milliseconds since 1970. */
  listedAt: number
}

/** What somebody likes, from 0 (nothing known) to nearly 1, and what they usually pay. */
export type Taste = {
  brands: ReadonlyMap<string, number>
  categories: ReadonlyMap<string, number>
  colours: ReadonlyMap<string, number>
  /** Mean and deviation of the natural logarithm of prices. */
  price: { mean: number; deviation: number } | undefined
}

export type RankingContext = {
  /** Milliseconds since 1970. */
  now: number
  /** Any of them will do; none where nobody said. */
  sizes: readonly string[]
  taste: Taste | undefined
  /** How often the product is clicked when it is seen: 0 to 1, .5 like most. */
  clicks: (id: string) => number
}

type Liked = { item: Pick<RankItem, 'brand' | 'categories' | 'colours' | 'priceAmount'>; weight: number }

/** So much weight must come together before half of a taste is believed. */
const DOUBT = 6
/** People do not all pay the same for everything. */
const LEAST_DEVIATION = 0.3
const NEW_MS = 45 * 86_400_000

/** Of what somebody looked at, wished for or bought, weighted; undefined of nothing. */
export function tasteOf(liked: readonly Liked[]): Taste | undefined {
  const total = liked.reduce((sum, { weight }) => sum + weight, 0)
  if (total <= 0) return undefined
  const shares = (keysOf: (item: Liked['item']) => readonly string[]) => {
    const sums = new Map<string, number>()
    for (const { item, weight } of liked)
      for (const key of new Set(keysOf(item))) sums.set(key, (sums.get(key) ?? 0) + weight)
    return new Map([...sums].map(([key, sum]) => [key, sum / (total + DOUBT)]))
  }
  return {
    brands: shares(({ brand }) => [brand]),
    categories: shares(({ categories }) => categories),
    colours: shares(({ colours }) => colours),
    price: habitOf(liked),
  }
}

function habitOf(liked: readonly Liked[]): Taste['price'] {
  const paid = liked.filter(({ item }) => item.priceAmount > 0)
  const total = paid.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return undefined
  const mean = paid.reduce((sum, { item, weight }) => sum + weight * Math.log(item.priceAmount), 0) / total
  const square = paid.reduce((sum, { item, weight }) => sum + weight * (Math.log(item.priceAmount) - mean) ** 2, 0)
  return { mean, deviation: Math.max(Math.sqrt(square / total), LEAST_DEVIATION) }
}

/** Items times features, row by row. Text and popularity are relative to the highest of these items. */
export function rankFeatures(items: readonly RankItem[], context: RankingContext): Float32Array {
  const highest = (value: (item: RankItem) => number) => items.reduce((most, item) => Math.max(most, value(item)), 0)
  const [text, popularity] = [highest(({ score }) => score), highest((item) => item.popularity)]
  const features = new Float32Array(items.length * RANK_FEATURES.length)
  items.forEach((item, row) => {
    const values: Record<RankFeature, number> = {
      text: text > 0 ? Math.max(item.score, 0) / text : 0,
      popularity: popularity > 0 ? Math.log1p(Math.max(item.popularity, 0)) / Math.log1p(popularity) : 0,
      newness: 2 ** (-Math.max(context.now - item.listedAt, 0) / NEW_MS),
      rating: item.rating > 0 ? (item.rating - 1) / 4 : 0.6,
      price: priceFit(item.priceAmount, context.taste?.price),
      size: sizeFit(item.sizesInStock, context.sizes),
      brand: context.taste?.brands.get(item.brand) ?? 0,
      category: likingOf(item.categories, context.taste?.categories),
      colour: item.colours.reduce((most, colour) => Math.max(most, context.taste?.colours.get(colour) ?? 0), 0),
      clicks: context.clicks(item.id),
    }
    RANK_FEATURES.forEach((feature, column) => {
      features[row * RANK_FEATURES.length + column] = Math.min(Math.max(values[feature], 0), 1)
    })
  })
  return features
}

function priceFit(amount: number, habit: Taste['price']): number {
  if (!habit || amount <= 0) return 0.5
  return Math.exp(-0.5 * ((Math.log(amount) - habit.mean) / habit.deviation) ** 2)
}

function sizeFit(inStock: readonly string[], wanted: readonly string[]): number {
  if (inStock.length === 0) return 0
  return wanted.length === 0 || inStock.some((size) => wanted.includes(size)) ? 1 : 0.2
}

/** The mean over the way from the root, so that a neighbour in the same branch gets some of it. */
function likingOf(categories: readonly string[], liked: ReadonlyMap<string, number> | undefined): number {
  if (!liked || categories.length === 0) return 0
  return categories.reduce((sum, category) => sum + (liked.get(category) ?? 0), 0) / categories.length
}
