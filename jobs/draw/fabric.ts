import { createRandom } from './geometry.ts'
import { blurPlane } from './plane.ts'

/**
 * What cloth does to light and how it falls. `albedo` and `grain` scale the weave's lightness and height; `rib` and
 * `stitch` are in cm; `gloss` and `power` shape the highlight, `sheen` the pale rim of wool; `crease` how much and how
 * sharply it folds (1 is cotton jersey); `wash` how far rubbed places pale (denim).
 */
export type Fabric = {
  weave: Weave
  albedo: number
  grain: number
  gloss: number
  power: number
  sheen: number
  crease: number
  sharp: number
  melange?: number
  wash?: number
  rib?: { period: number; height: number; flat?: number }
  stitch?: { across: number; along: number; height: number }
  cable?: { period: number; height: number }
}

type Weave = 'knit' | 'plain' | 'twill' | 'slub' | 'felt' | 'pebble' | 'smooth' | 'basket' | 'tweed'

const plain: Fabric = {
  weave: 'plain',
  albedo: 0.05,
  grain: 0.18,
  gloss: 0.02,
  power: 12,
  sheen: 0.03,
  crease: 1,
  sharp: 0.3,
}

export const FABRICS = {
  jersey: { ...plain, weave: 'knit', albedo: 0.035, grain: 0.16, crease: 1, sharp: 0.1 },
  slubJersey: { ...plain, weave: 'slub', albedo: 0.07, grain: 0.16, crease: 1.1, sharp: 0.1 },
  fleece: { ...plain, weave: 'felt', albedo: 0.035, grain: 0.2, sheen: 0.05, crease: 0.95, sharp: 0.05 },
  terry: { ...plain, weave: 'felt', albedo: 0.07, grain: 0.5, sheen: 0.06, crease: 0.9, sharp: 0 },
  pique: { ...plain, weave: 'basket', albedo: 0.07, grain: 0.34, crease: 0.85, sharp: 0.1 },
  poplin: { ...plain, albedo: 0.03, grain: 0.12, gloss: 0.03, power: 16, crease: 1, sharp: 0.5 },
  oxford: { ...plain, weave: 'basket', albedo: 0.1, grain: 0.22, crease: 0.95, sharp: 0.4 },
  flannel: { ...plain, weave: 'felt', albedo: 0.06, grain: 0.16, sheen: 0.08, crease: 0.9, sharp: 0.2 },
  chambray: { ...plain, weave: 'slub', albedo: 0.12, grain: 0.18, crease: 1, sharp: 0.45, melange: 0.16 },
  denim: {
    ...plain,
    weave: 'twill',
    albedo: 0.12,
    grain: 0.34,
    gloss: 0.015,
    crease: 0.9,
    sharp: 0.5,
    wash: 1,
    melange: 0.1,
  },
  twill: { ...plain, weave: 'twill', albedo: 0.05, grain: 0.24, crease: 0.9, sharp: 0.4 },
  corduroy: {
    ...plain,
    weave: 'felt',
    albedo: 0.06,
    grain: 0.12,
    sheen: 0.12,
    crease: 0.75,
    sharp: 0.2,
    rib: { period: 0.36, height: 1.15 },
  },
  linen: { ...plain, weave: 'slub', albedo: 0.11, grain: 0.36, crease: 1.35, sharp: 0.75 },
  viscose: { ...plain, albedo: 0.025, grain: 0.08, gloss: 0.06, power: 10, crease: 1.15, sharp: 0.1 },
  satin: { ...plain, weave: 'smooth', albedo: 0.015, grain: 0.04, gloss: 0.34, power: 9, crease: 1.25, sharp: 0.15 },
  crepe: { ...plain, weave: 'pebble', albedo: 0.02, grain: 0.14, gloss: 0.03, crease: 0.95, sharp: 0.1 },
  suiting: {
    ...plain,
    weave: 'twill',
    albedo: 0.035,
    grain: 0.12,
    gloss: 0.025,
    sheen: 0.05,
    crease: 0.6,
    sharp: 0.2,
    melange: 0.02,
  },
  wool: { ...plain, weave: 'felt', albedo: 0.05, grain: 0.24, sheen: 0.12, crease: 0.6, sharp: 0.05, melange: 0.05 },
  tweed: { ...plain, weave: 'tweed', albedo: 0.2, grain: 0.7, sheen: 0.1, crease: 0.5, sharp: 0.05, melange: 0.3 },
  fineKnit: {
    ...plain,
    weave: 'knit',
    albedo: 0.03,
    grain: 0.12,
    sheen: 0.08,
    crease: 0.85,
    sharp: 0,
    stitch: { across: 0.2, along: 0.2, height: 0.34 },
  },
  midKnit: {
    ...plain,
    weave: 'felt',
    albedo: 0.05,
    grain: 0.2,
    sheen: 0.1,
    crease: 0.75,
    sharp: 0,
    stitch: { across: 0.4, along: 0.34, height: 0.95 },
  },
  chunkyKnit: {
    ...plain,
    weave: 'felt',
    albedo: 0.06,
    grain: 0.28,
    sheen: 0.12,
    crease: 0.6,
    sharp: 0,
    stitch: { across: 0.74, along: 0.56, height: 1.9 },
  },
  ribKnit: {
    ...plain,
    weave: 'knit',
    albedo: 0.03,
    grain: 0.14,
    sheen: 0.08,
    crease: 0.6,
    sharp: 0,
    rib: { period: 0.55, height: 1.1 },
  },
  cableKnit: {
    ...plain,
    weave: 'felt',
    albedo: 0.05,
    grain: 0.24,
    sheen: 0.12,
    crease: 0.45,
    sharp: 0,
    stitch: { across: 0.42, along: 0.36, height: 0.8 },
    cable: { period: 9.6, height: 4.6 },
  },
  collarRib: {
    ...plain,
    weave: 'knit',
    albedo: 0.03,
    grain: 0.12,
    crease: 0.5,
    sharp: 0,
    rib: { period: 0.27, height: 0.5 },
  },
  hemRib: {
    ...plain,
    weave: 'knit',
    albedo: 0.03,
    grain: 0.14,
    crease: 0.5,
    sharp: 0,
    rib: { period: 0.5, height: 1.25 },
  },
  nylon: { ...plain, weave: 'smooth', albedo: 0.02, grain: 0.06, gloss: 0.12, power: 14, crease: 1.2, sharp: 0.6 },
  coated: { ...plain, weave: 'plain', albedo: 0.02, grain: 0.1, gloss: 0.07, power: 18, crease: 0.8, sharp: 0.4 },
  leather: { ...plain, weave: 'pebble', albedo: 0.03, grain: 0.34, gloss: 0.3, power: 16, crease: 1.05, sharp: 0.7 },
  suede: { ...plain, weave: 'felt', albedo: 0.09, grain: 0.22, sheen: 0.16, crease: 0.7, sharp: 0.3 },
  lining: { ...plain, weave: 'twill', albedo: 0.03, grain: 0.08, gloss: 0.06, power: 10, crease: 0.8, sharp: 0.2 },
  hard: { ...plain, weave: 'smooth', albedo: 0.01, grain: 0.02, gloss: 0.25, power: 24, crease: 0, sharp: 0 },
} satisfies Record<string, Fabric>
export type FabricName = keyof typeof FABRICS

const SIZE = 256
/** Periodic: lightness (mean 0, about -1 to 1) and height (same), `SIZE` x `SIZE`; one texel is one picture pixel. */
export type Tile = { size: number; albedo: Float32Array; height: Float32Array }

const whiteNoise = (seed: number): Float32Array => {
  const random = createRandom(seed)
  return Float32Array.from({ length: SIZE * SIZE }, () => random() * 2 - 1)
}

/** Blurred noise that still tiles: blurred on a padded copy of itself. */
const softNoise = (seed: number, across: number, along: number): Float32Array => {
  const source = whiteNoise(seed)
  const result = new Float32Array(SIZE * SIZE)
  for (let pass = 0; pass < 2; pass++) {
    const input = pass === 0 ? source : Float32Array.from(result)
    for (let y = 0; y < SIZE; y++)
      for (let x = 0; x < SIZE; x++) {
        let sum = 0
        if (pass === 0) for (let k = -across; k <= across; k++) sum += input[y * SIZE + ((x + k) & 255)]!
        else for (let k = -along; k <= along; k++) sum += input[((y + k) & 255) * SIZE + x]!
        result[y * SIZE + x] = sum
      }
  }
  return normalised(result)
}

const normalised = (plane: Float32Array): Float32Array => {
  let sum = 0
  let squares = 0
  for (const x of plane) {
    sum += x
    squares += x * x
  }
  const mean = sum / plane.length
  const scale = 0.5 / Math.sqrt(squares / plane.length - mean * mean || 1)
  return plane.map((x) => (x - mean) * scale)
}

const combine = (...parts: [number, Float32Array][]): Float32Array => {
  const sum = new Float32Array(SIZE * SIZE)
  for (const [weight, plane] of parts) for (let i = 0; i < sum.length; i++) sum[i]! += weight * plane[i]!
  return normalised(sum)
}

const wave = (of: (x: number, y: number) => number): Float32Array => {
  const plane = new Float32Array(SIZE * SIZE)
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) plane[y * SIZE + x] = of(x, y)
  return normalised(plane)
}

const TURN = (2 * Math.PI) / SIZE

const weaves: Record<Weave, () => [albedo: Float32Array, height: Float32Array]> = {
  knit: () => {
    const columns = wave((x) => Math.cos(TURN * 85 * x))
    const fuzz = softNoise(1, 0, 1)
    return [combine([0.5, columns], [1, fuzz], [0.5, softNoise(2, 3, 6)]), combine([0.8, columns], [1, fuzz])]
  },
  plain: () => {
    const threads = combine([1, softNoise(3, 0, 2)], [1, softNoise(4, 2, 0)])
    return [combine([1, threads], [0.4, softNoise(5, 4, 4)]), threads]
  },
  twill: () => {
    const lines = wave((x, y) => Math.cos(TURN * (64 * x + 64 * y)))
    const broken = combine([0.7, lines], [0.9, softNoise(6, 0, 1)], [0.5, softNoise(7, 1, 8)])
    return [combine([1, broken], [0.45, softNoise(8, 2, 14)]), combine([1, lines], [0.8, softNoise(9, 0, 1)])]
  },
  slub: () => {
    const slubs = combine([1, softNoise(10, 12, 0)], [1, softNoise(11, 0, 14)], [0.7, softNoise(12, 1, 1)])
    return [slubs, combine([1, softNoise(10, 12, 0)], [1, softNoise(11, 0, 14)], [1, softNoise(13, 0, 0)])]
  },
  felt: () => {
    const fibres = combine([1, softNoise(14, 1, 1)], [0.6, softNoise(15, 3, 3)], [0.5, softNoise(16, 0, 0)])
    return [fibres, combine([1, softNoise(17, 1, 1)], [0.7, fibres])]
  },
  pebble: () => {
    const cells = softNoise(18, 1, 1)
    const grain = normalised(cells.map((x) => -Math.abs(x)))
    return [combine([1, grain], [0.5, softNoise(19, 6, 6)]), combine([1, grain], [0.3, softNoise(20, 0, 0)])]
  },
  smooth: () => [softNoise(21, 1, 3), softNoise(22, 2, 4)],
  basket: () => {
    const knots = wave((x, y) => Math.cos(TURN * 73 * x) * Math.cos(TURN * 73 * y))
    return [combine([1, knots], [0.8, softNoise(23, 0, 0)]), combine([1, knots], [0.4, softNoise(24, 1, 1)])]
  },
  tweed: () => {
    const nubs = combine([1, softNoise(25, 2, 1)], [0.8, softNoise(26, 1, 2)], [0.5, softNoise(27, 0, 0)])
    return [nubs, combine([1, nubs], [0.6, softNoise(28, 1, 1)])]
  },
}

/** Tiles are the same for every product: a worker keeps the ones it has made. */
export const createTiles = (): ((weave: Weave) => Tile) => {
  const made = new Map<Weave, Tile>()
  return (weave) => {
    const found = made.get(weave)
    if (found) return found
    const [albedo, height] = weaves[weave]()
    blurPlane(height, SIZE, SIZE, 0)
    const tile = { size: SIZE, albedo, height }
    made.set(weave, tile)
    return tile
  }
}

const TABLE = 1024
const cosine = Float32Array.from({ length: TABLE }, (_, i) => Math.cos((2 * Math.PI * i) / TABLE))
/** Cosine of a number of turns, from a table. */
const turns = (t: number): number => cosine[((t - Math.floor(t)) * TABLE) | 0]!

const ribHeight = (u: number, { period, height, flat = 0 }: NonNullable<Fabric['rib']>): number => {
  const c = turns(u / period)
  return height * (flat > 0 ? Math.min(1, c + flat) : c)
}

const stitchHeight = (u: number, v: number, { across, along, height }: NonNullable<Fabric['stitch']>): number => {
  const f = u / across
  const leg = Math.abs(f - Math.floor(f) - 0.5) * 2
  const ridge = turns((leg - 0.5) * 0.5)
  return height * (ridge * (0.62 + 0.38 * turns(v / along + leg * 0.75)) - 0.5)
}

/** Two strands that cross each other, between purl gutters; ribs fill the rest. Also says where plain stitches lie. */
const cableHeight = (u: number, v: number, { period, height }: NonNullable<Fabric['cable']>): number => {
  const across = u / period - Math.round(u / period)
  const x = across * period
  const half = 1.55
  if (Math.abs(x) > half + 0.5) {
    const beyond = Math.abs(x) - half - 0.5
    return height * (beyond < 0.5 ? -0.18 : 0.1 + 0.16 * turns((beyond - 0.5) / 0.9))
  }
  if (Math.abs(x) > half) return -height * 0.3
  const turn = v / 4.6
  const swing = turns(turn) * half * 0.5
  const over = turns(turn + 0.25)
  const a = 1 - Math.min(1, Math.abs(x - swing) / 0.95) ** 2
  const b = 1 - Math.min(1, Math.abs(x + swing) / 0.95) ** 2
  const front = over > 0 ? a : b
  const back = over > 0 ? b : a
  return height * (Math.max(front * (0.75 + 0.25 * Math.abs(over)), back * (0.75 - 0.35 * Math.abs(over))) - 0.25)
}

/** Height of the cloth's own structure at (u, v) cm, in px of a picture with about 12 px to the cm. */
export const structure = (fabric: Fabric, u: number, v: number): number => {
  let h = 0
  if (fabric.rib) h += ribHeight(u, fabric.rib)
  if (fabric.cable) h += cableHeight(u, v, fabric.cable)
  if (fabric.stitch) h += stitchHeight(u, v, fabric.stitch)
  return h
}
