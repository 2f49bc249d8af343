import { linearToOklab, srgbToLinear } from '../../tryon/pure/lab.ts'
import { LOOK_BYTES } from './look.ts'

/** What is known of a product that says how alike two are. */
export type Described = {
  /** Slugs from the root to its own. */
  readonly path: readonly string[]
  readonly brand: string
  readonly name: string
  readonly description: string
  readonly tags: readonly string[]
  readonly pattern: string | undefined
  readonly occasions: readonly string[]
  readonly seasons: readonly string[]
  readonly fabric: string | undefined
  /** `#rrggbb`. */
  readonly palette: readonly string[]
  readonly amount: number
  /** As `lookOf` gives it; undefined where there is no prepared garment. */
  readonly look: Uint8Array | undefined
}

const ATTRIBUTES = 384
const PALETTE_LEVELS = [0.2, 0.42, 0.62, 0.8, 0.96] as const
const PALETTE_HUES = 8
const PALETTE = PALETTE_LEVELS.length * (PALETTE_HUES + 1)
const WORDS = 512
/** Places of a product's features: attributes (hashed), palette, words (hashed), look. */
export const FEATURES = ATTRIBUTES + PALETTE + WORDS + LOOK_BYTES
const PALETTE_AT = ATTRIBUTES
const WORDS_AT = ATTRIBUTES + PALETTE
const LOOK_AT = WORDS_AT + WORDS

/** What each block counts for in how alike two products are; squares, so that they share a cosine in this proportion. */
const SHARE = { attributes: 0.42, palette: 0.2, words: 0.14, look: 0.24 } as const
/** Within the attributes. */
const ATTRIBUTE_SHARE = {
  path: 0.4,
  pattern: 0.16,
  occasion: 0.12,
  season: 0.06,
  fabric: 0.12,
  brand: 0.08,
  price: 0.06,
}

/** What must be counted over a catalogue before features mean something. */
export type FeatureStats = {
  /** Inverse document frequencies of the buckets of words. */
  readonly idf: Float32Array
  readonly lookMean: Float32Array
  /** One over the standard deviation, 0 where all look alike. */
  readonly lookScale: Float32Array
}

/** Sparse: places ascend within a block only, each at most once. */
export type Features = { readonly places: Uint16Array; readonly values: Float32Array }

const STOP = new Set(
  'the and for with that this from you your our its are was has have not but into over under made more very than then'.split(
    ' ',
  ),
)

/** Words without case, accents and the plural's s. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2 && !STOP.has(word))
    .map((word) => (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word))

/** FNV-1a of 32 bits, stirred at the end: its low bits alone are poor. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 0
}

const textOf = ({ name, tags, description }: Described) => [
  ...wordsOf(`${name} ${name} ${tags.join(' ')}`),
  ...wordsOf(description),
]

/** Counts words and looks over the products that a projection is fitted on. */
export function countFeatures(products: readonly Described[]): FeatureStats {
  const seen = new Uint32Array(WORDS)
  const sum = new Float64Array(LOOK_BYTES)
  const squares = new Float64Array(LOOK_BYTES)
  let looks = 0
  for (const product of products) {
    for (const bucket of new Set(textOf(product).map((word) => hashOf(word) % WORDS))) seen[bucket]!++
    if (!product.look) continue
    looks++
    for (let i = 0; i < LOOK_BYTES; i++) {
      sum[i]! += product.look[i]!
      squares[i]! += product.look[i]! ** 2
    }
  }
  const idf = Float32Array.from(seen, (count) => Math.log((1 + products.length) / (1 + count)) + 0.1)
  const lookMean = Float32Array.from(sum, (total) => total / Math.max(1, looks))
  const lookScale = Float32Array.from(squares, (total, i) => {
    const variance = total / Math.max(1, looks) - lookMean[i]! ** 2
    return variance > 1 ? 1 / Math.sqrt(variance) : 0
  })
  return { idf, lookMean, lookScale }
}

/** A product's features: each block of length one times the root of its share. */
export function featuresOf(product: Described, stats: FeatureStats): Features {
  const found = new Map<number, number>()
  addBlock(found, attributesOf(product), SHARE.attributes)
  addBlock(found, paletteOf(product.palette), SHARE.palette)
  addBlock(found, countWords(product, stats.idf), SHARE.words)
  if (product.look) addBlock(found, standardised(product.look, stats), SHARE.look)
  return { places: Uint16Array.from(found.keys()), values: Float32Array.from(found.values()) }
}

function addBlock(into: Map<number, number>, block: ReadonlyMap<number, number>, share: number): void {
  let squares = 0
  for (const value of block.values()) squares += value * value
  if (squares === 0) return
  const scale = Math.sqrt(share / squares)
  for (const [place, value] of block) into.set(place, value * scale)
}

function attributesOf(product: Described): Map<number, number> {
  const block = new Map<number, number>()
  const add = (kind: keyof typeof ATTRIBUTE_SHARE, values: readonly string[]) => {
    for (const value of values) {
      const hash = hashOf(`${kind}:${value}`)
      const place = hash % ATTRIBUTES
      const sign = (hash >>> 16) & 1 ? 1 : -1
      block.set(place, (block.get(place) ?? 0) + sign * Math.sqrt(ATTRIBUTE_SHARE[kind] / values.length))
    }
  }
  add('path', product.path)
  if (product.pattern) add('pattern', [product.pattern])
  add('occasion', product.occasions)
  add('season', product.seasons)
  add('fabric', product.fabric ? wordsOf(product.fabric.replaceAll(/\d+\s*\S?/g, ' ')) : [])
  add('brand', [product.brand])
  // Neighbouring steps of price share one of their two names.
  const step = Math.log2(Math.max(100, product.amount)) * 1.5
  add('price', [String(Math.floor(step)), String(Math.floor(step) + 1)])
  return block
}

/** OKLab of `#rrggbb`. */
export function labOf(hex: string): [number, number, number] {
  const part = (from: number) => srgbToLinear(Number.parseInt(hex.slice(from, from + 2), 16) || 0)
  const out = new Float32Array(3)
  linearToOklab(part(1), part(3), part(5), out, 0)
  return [out[0]!, out[1]!, out[2]!]
}

/** Each colour is shared between the anchors near it, so that colours that look alike meet whatever they are called. */
function paletteOf(palette: readonly string[]): Map<number, number> {
  const block = new Map<number, number>()
  for (const [rank, hex] of palette.slice(0, 6).entries()) {
    const [L, a, b] = labOf(hex)
    for (const [level, light] of PALETTE_LEVELS.entries())
      for (let hue = 0; hue <= PALETTE_HUES; hue++) {
        const angle = (2 * Math.PI * hue) / PALETTE_HUES
        const chroma = hue === PALETTE_HUES ? 0 : 0.11
        const away =
          ((L - light) * 0.6) ** 2 + (a - chroma * Math.cos(angle)) ** 2 + (b - chroma * Math.sin(angle)) ** 2
        const near = Math.exp(-away / (2 * 0.05 ** 2)) / (1 + rank / 2)
        if (near < 0.02) continue
        const place = PALETTE_AT + level * (PALETTE_HUES + 1) + hue
        block.set(place, (block.get(place) ?? 0) + near)
      }
  }
  return block
}

function countWords(product: Described, idf: Float32Array): Map<number, number> {
  const block = new Map<number, number>()
  for (const word of textOf(product)) {
    const bucket = hashOf(word) % WORDS
    block.set(WORDS_AT + bucket, (block.get(WORDS_AT + bucket) ?? 0) + 1)
  }
  for (const [place, count] of block) block.set(place, (1 + Math.log(count)) * idf[place - WORDS_AT]!)
  return block
}

function standardised(look: Uint8Array, { lookMean, lookScale }: FeatureStats): Map<number, number> {
  const block = new Map<number, number>()
  for (let i = 0; i < LOOK_BYTES; i++) {
    const value = Math.max(-3, Math.min(3, (look[i]! - lookMean[i]!) * lookScale[i]!))
    if (value !== 0) block.set(LOOK_AT + i, value)
  }
  return block
}
