import { compareSizes } from '../../../modules/catalog/pure/size-order.ts'
import {
  type ChartCategory,
  middleSize,
  type SizeChart,
  type SizeMeasures,
  type Zone,
} from '../../../modules/catalog/pure/size-chart.ts'
import { createRandom, seedOf } from '../geometry.ts'
import type { Colourway } from '../render.ts'
import type { GarmentSpec } from '../spec.ts'

/** A product of the demo catalogue: what the shop shows, and how its pictures are drawn. */
export type DemoProduct = {
  handle: string
  name: string
  description: string
  brand: string
  /** from the root: department, group, kind */
  category: string[]
  price: { amount: number; currency: 'EUR' }
  colours: { name: string; hex: string; colourway: Colourway }[]
  variants: { sku: string; colour: string; size: string; stock: number }[]
  sizeChart: SizeChart
  metadata: {
    tags: string[]
    palette: string[]
    pattern: string
    occasion: string[]
    season: string[]
    fabric: string
    care: string[]
    gender: 'women' | 'men'
  }
  spec: GarmentSpec
}

/** What one entry says; the rest is worked out. Prices in euro cents; `m` is the middle size in cm. */
export type Entry = {
  name: string
  brand: string
  for: 'women' | 'men'
  /** group/kind, below the department */
  in: string
  cents: number
  says: string
  fabric: string
  care: keyof typeof CARE
  pattern?: string
  /** occasions | seasons | tags */
  meta: string
  m: SizeMeasures
  sizes?: readonly string[]
  /** `Name #main slot#hex ... inks#hex#hex pale#hex` */
  colours: string[]
  spec: GarmentSpec
}

/** Reads `Name #main second#hex inks#hex#hex`. */
const colourOf = (text: string): { name: string; hex: string; colourway: Colourway } => {
  const [, name, rest] = /^([^#]+?) (#.+)$/.exec(text)!
  const [main, ...parts] = rest!.split(' ')
  const colourway: Colourway = { main: main! }
  for (const part of parts) {
    const [key, ...hexes] = part.split('#')
    const values = hexes.map((hex) => `#${hex}`)
    if (key === 'inks') colourway.inks = values
    else colourway[key as Exclude<keyof Colourway, 'inks'>] = values[0]!
  }
  return { name: name!, hex: main!, colourway }
}

const CARE = {
  cool: ['Machine wash at 30 °C', 'Wash with like colours', 'Do not tumble dry', 'Iron at medium heat'],
  warm: ['Machine wash at 40 °C', 'Tumble dry on low', 'Iron at high heat'],
  wool: ['Wool cycle at 20 °C or hand wash', 'Dry flat', 'Do not bleach'],
  hand: ['Hand wash cold', 'Hang to dry', 'Iron at low heat, inside out'],
  dry: ['Dry clean only', 'Steam to refresh', 'Brush after wearing'],
  wipe: ['Wipe with a damp cloth', 'Specialist cleaning only', 'Keep away from heat'],
} satisfies Record<string, string[]>

/** Centimetres that a finished measure grows from one size to the next larger one. */
const STEP: Record<ChartCategory, Partial<Record<Zone, number>>> = {
  top: { chest: 5, waist: 5, hem: 5, hip: 5, length: 2, shoulder: 1.4, sleeve: 0.8 },
  dress: { chest: 4, waist: 4, hip: 4, hem: 5, length: 1.5, shoulder: 1, sleeve: 0.7 },
  bottom: { waist: 4.5, hip: 4.5, thigh: 2.6, hem: 1, inseam: 0.5, outseam: 1.3, length: 1 },
}
const WAIST_STEP: Partial<Record<Zone, number>> = {
  waist: 2.54,
  hip: 2.3,
  thigh: 1.4,
  hem: 0.6,
  inseam: 0.3,
  outseam: 0.7,
}

const DEFAULT_SIZES = { women: ['XS', 'S', 'M', 'L', 'XL'], men: ['XS', 'S', 'M', 'L', 'XL', 'XXL'] } as const
export const WAIST_SIZES = {
  women: ['W24', 'W25', 'W26', 'W27', 'W28', 'W29', 'W30', 'W31', 'W32'],
  men: ['W28', 'W29', 'W30', 'W31', 'W32', 'W33', 'W34', 'W36', 'W38'],
}

const toHalf = (cm: number): number => Math.round(cm * 2) / 2

/** Grades the stated middle size over all sizes; waist sizes step by the inch. */
export const gradeChart = (category: ChartCategory, m: SizeMeasures, sizes: readonly string[]): SizeChart => {
  const ordered = sizes.toSorted(compareSizes)
  const names = Object.fromEntries(ordered.map((size) => [size, {}]))
  const middle = ordered.indexOf(middleSize({ unit: 'cm', category, sizes: names })!)
  const inches = ordered[0]!.startsWith('W')
  const placeOf = (size: string): number =>
    inches ? Number(size.slice(1)) - Number(ordered[middle]!.slice(1)) : ordered.indexOf(size) - middle
  const charted: Record<string, SizeMeasures> = {}
  for (const size of ordered) {
    const row: SizeMeasures = {}
    for (const [zone, cm] of Object.entries(m) as [Zone, number][]) {
      const step = (inches ? WAIST_STEP : STEP[category])[zone] ?? 0
      const small = zone === 'sleeve' && cm < 35 ? 0.6 : 1
      row[zone] = toHalf(cm + step * small * placeOf(size))
    }
    charted[size] = row
  }
  return { unit: 'cm', category, sizes: charted }
}

const slug = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f'’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const chartCategory = (spec: GarmentSpec): ChartCategory =>
  spec.type === 'top' || spec.type === 'dress' ? spec.type : 'bottom'

/** Few of the outer sizes, more of the middle ones, and now and then one that is sold out. */
const stockOf = (random: () => number, place: number, count: number): number => {
  if (random() < 0.06) return 0
  const centre = 1 - Math.abs(place - (count - 1) / 2) / count
  return Math.round(2 + random() * 26 * centre)
}

/** Works an entry out into a whole product. */
export const createProduct = (entry: Entry): DemoProduct => {
  const handle = `${slug(entry.name)}-${entry.for}`
  const sizes = entry.sizes ?? DEFAULT_SIZES[entry.for]
  const random = createRandom(seedOf(`stock ${handle}`))
  const short = (text: string): string => slug(text).replaceAll('-', '').slice(0, 3).toUpperCase()
  const sku = `${entry.brand.slice(0, 2).toUpperCase()}-${seedOf(handle).toString(36).slice(0, 5).toUpperCase()}`
  const colours = entry.colours.map(colourOf)
  const [occasion, season, tags] = entry.meta.split('|').map((part) => part.split(',').map((word) => word.trim()))
  return {
    handle,
    name: entry.name,
    description: entry.says,
    brand: entry.brand,
    category: [entry.for === 'women' ? 'Women' : 'Men', ...entry.in.split('/')],
    price: { amount: entry.cents, currency: 'EUR' },
    colours,
    variants: colours.flatMap(({ name }, k) =>
      sizes.map((size, place) => ({
        sku: `${sku}-${short(name)}${k + 1}-${size}`,
        colour: name,
        size,
        stock: stockOf(random, place, sizes.length),
      })),
    ),
    sizeChart: gradeChart(chartCategory(entry.spec), entry.m, sizes),
    metadata: {
      tags: tags ?? [],
      palette: colours.map(({ hex }) => hex),
      pattern: entry.pattern ?? 'plain',
      occasion: occasion ?? [],
      season: season ?? [],
      fabric: entry.fabric,
      care: CARE[entry.care],
      gender: entry.for,
    },
    spec: entry.spec,
  }
}
