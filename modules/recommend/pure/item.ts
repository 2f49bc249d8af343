import { labOf } from './features.ts'
import type { Palette } from './harmony.ts'
import { type Slot, slotOf } from './slots.ts'

const SEASONS = ['spring', 'summer', 'autumn', 'winter'] as const
export type Season = (typeof SEASONS)[number]
export type Fit = 'close' | 'regular' | 'loose'

/** What the shop knows of a product when it recommends: held in memory for each. */
export type Item = {
  readonly id: string
  readonly name: string
  readonly brand: string
  readonly brandName: string
  /** Slugs from the root to its own. */
  readonly path: readonly string[]
  readonly categoryName: string
  /** `women`, `men`; what it says of itself, else the slug of the root category. */
  readonly department: string
  readonly slot: Slot
  readonly pattern: string | undefined
  readonly occasions: readonly string[]
  readonly seasons: readonly string[]
  readonly fit: Fit
  readonly amount: number
  readonly currency: string
  /** Those of which some colour is in stock. */
  readonly sizes: readonly string[]
  readonly palette: Palette
  /** Families of its colours, such as `blue`. */
  readonly colours: readonly string[]
  readonly rating: number | null
  readonly featured: boolean
  /** Milliseconds since 1970. */
  readonly listedAt: number
}

export type ItemSource = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly brand: { readonly slug: string; readonly name: string }
  readonly categories: readonly { readonly slug: string; readonly name: string }[]
  readonly colours: readonly { readonly hex: string }[]
  readonly variants: readonly { readonly size: string; readonly inStock: boolean }[]
  readonly priceAmount: number
  readonly currency: string
  readonly rating: number | null
  readonly listedAt: number
  readonly metadata: {
    readonly [key: string]: unknown
    readonly tags?: readonly string[] | undefined
    readonly palette?: readonly string[] | undefined
    readonly pattern?: string | undefined
    readonly occasion?: readonly string[] | undefined
    readonly season?: readonly string[] | undefined
    readonly fabric?: string | undefined
  }
}

const lower = (labels: readonly string[] | undefined) => (labels ?? []).map((label) => label.trim().toLowerCase())

/** `intern` gives an equal list that others hold already, since most lists are shared by many products. */
export function itemOf(source: ItemSource, intern: (list: readonly string[]) => readonly string[]): Item {
  const { metadata, categories, brand } = source
  const tags = lower(metadata.tags)
  const path = intern(categories.map(({ slug }) => slug))
  const gender = metadata['gender']
  const colours = [...new Set(source.colours.map(({ hex }) => familyOf(hex)))].toSorted()
  return {
    id: source.id,
    name: source.name,
    brand: brand.slug,
    brandName: brand.name,
    path,
    categoryName: categories.at(-1)?.name ?? '',
    department: typeof gender === 'string' && gender !== '' ? gender.toLowerCase() : (path[0] ?? ''),
    slot: slotOf(path),
    pattern: metadata.pattern?.trim().toLowerCase(),
    occasions: intern(lower(metadata.occasion).toSorted()),
    seasons: intern(lower(metadata.season).toSorted()),
    fit: fitOf([...tags, source.name.toLowerCase()]),
    amount: source.priceAmount,
    currency: source.currency,
    sizes: intern([...new Set(source.variants.filter(({ inStock }) => inStock).map(({ size }) => size))]),
    palette: Float32Array.from(source.colours.slice(0, 3).flatMap(({ hex }) => labOf(hex))),
    colours: intern(colours),
    rating: source.rating,
    featured: tags.includes('featured'),
    listedAt: source.listedAt,
  }
}

function fitOf(words: readonly string[]): Fit {
  const said = words.join(' ')
  if (/\b(slim|skinny|fitted|bodycon|tailored|close)\b/.test(said)) return 'close'
  return /\b(oversized|relaxed|loose|wide|boxy|baggy|balloon)\b/.test(said) ? 'loose' : 'regular'
}

/** By hue in OKLab, in degrees where each begins; reds and pinks, browns and yellows are told apart by their light. */
const HUES: readonly (readonly [string, number])[] = [
  ['red', -30],
  ['orange', 45],
  ['yellow', 75],
  ['green', 118],
  ['blue', 200],
  ['purple', 290],
]

/** Name and a typical shade of each family of colours, in the order in which they are offered. */
export const FAMILIES: Readonly<Record<string, string>> = {
  black: '#1d1d1f',
  white: '#f5f3ee',
  grey: '#8c8f94',
  brown: '#7a5638',
  beige: '#d9c7a8',
  red: '#b3262e',
  orange: '#dd7a32',
  yellow: '#e6bd45',
  green: '#4f7a52',
  blue: '#35568c',
  purple: '#6d4a87',
  pink: '#dc93a8',
}

/** The family that a colour belongs to. */
export function familyOf(hex: string): string {
  const [L, a, b] = labOf(hex)
  const chroma = Math.hypot(a, b)
  if (chroma < 0.022) return L < 0.34 ? 'black' : L > 0.88 ? 'white' : 'grey'
  if (L < 0.24) return 'black'
  const hue = (Math.atan2(b, a) * 180) / Math.PI
  const degrees = hue < -30 ? hue + 360 : hue
  if (degrees >= 35 && degrees < 118 && chroma < 0.1) {
    if (L > 0.93) return 'white'
    if (L > 0.72) return 'beige'
    if (degrees < 95) return 'brown'
  }
  const family = HUES.findLast(([, from]) => degrees >= from)?.[0] ?? 'red'
  if (family === 'red' && L > 0.68) return 'pink'
  return family === 'yellow' && L < 0.62 ? 'green' : family
}

/** The season at a latitude north or south of the equator, by month as the weather services count. */
export function seasonOf(at: Date, southern = false): Season {
  const quarter = Math.floor(((at.getUTCMonth() + 10) % 12) / 3)
  return SEASONS[(quarter + (southern ? 2 : 0)) % 4]!
}
