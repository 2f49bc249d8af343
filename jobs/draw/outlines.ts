import type { GarmentCategory, GarmentCut, GarmentLandmarks } from '../../modules/tryon/pure/garment.ts'
import type { Mask, Point } from '../../modules/tryon/pure/image.ts'
import { type SkirtCut, type TrousersCut, shapeSkirt, shapeTrousers } from './cut-bottom.ts'
import { type SleeveCut, type TopCut, hangSleeve, shapeTop } from './cut-top.ts'
import {
  add,
  at,
  band,
  between,
  clamp,
  createRandom,
  cubic,
  densify,
  mirror,
  pick,
  type Random,
  reversed,
} from './geometry.ts'
import { unionMask } from './raster.ts'

/**
 * A garment's silhouette lying flat, with the landmarks known. Coordinates lie in a unit square (the longer side of the
 * garment's box plus a margin fills it, centred); the silhouette is the union of the polygons.
 */
export type Outline = {
  category: GarmentCategory
  cut: GarmentCut
  openFront: boolean
  polygons: Point[][]
  landmarks: GarmentLandmarks
}

type Piece = Omit<Outline, 'openFront'> & { openFront?: boolean }

const chance = (random: Random, probability: number): boolean => random() < probability

const randomSleeve = (random: Random, base: Omit<TopCut, 'sleeves'>, kind: GarmentCut, loose: number): SleeveCut => {
  if (kind === 'short-sleeve') {
    const length = between(random, 8, 32)
    const angle = between(random, 24, 68)
    const reach = base.shoulder / 2 + Math.sin((angle * Math.PI) / 180) * length - base.chest / 2
    const widest = Math.max(6, (reach + 1) / Math.cos((angle * Math.PI) / 180))
    const cuff = Math.min(widest, between(random, 13, 19) * (0.8 + 0.2 * loose) * (base.chest / 50))
    return {
      length,
      angle,
      forearmAngle: angle - between(random, -4, 12),
      elbow: cuff,
      cuff,
      puff: between(random, 0, 3),
    }
  }
  const length = between(random, 44, 66)
  const cuff = between(random, 7.5, 15) * (chance(random, 0.15) ? 1.5 : 1)
  const elbow = Math.max(cuff * 0.9, between(random, 11, 17) * (0.75 + 0.25 * loose))
  const puff = between(random, 0, 2.5)
  if (chance(random, 0.55)) {
    const forearmAngle = between(random, -4, 26)
    return hangSleeve(base, { length, forearmAngle, elbow, cuff, puff }, between(random, -3, 2))
  }
  const angle = between(random, 30, 82)
  return { length, angle, forearmAngle: angle - between(random, -8, 45), elbow, cuff, puff }
}

const wiggleSleeve = (random: Random, sleeve: SleeveCut): SleeveCut => ({
  ...sleeve,
  angle: clamp(sleeve.angle + between(random, -7, 7), 4, 86),
  forearmAngle: sleeve.forearmAngle + between(random, -9, 9),
  elbow: sleeve.elbow * between(random, 0.92, 1.08),
  cuff: sleeve.cuff * between(random, 0.9, 1.1),
})

const randomTopCut = (random: Random, category: GarmentCategory, kind: GarmentCut): TopCut => {
  const loose = between(random, 0.5, 1.5)
  const chest = between(random, 38, 66)
  const strappy = kind === 'sleeveless' && chance(random, 0.45)
  const shoulder =
    chest * (kind === 'sleeveless' ? between(random, 0.5, 0.8) : between(random, 0.76, 0.98 + 0.06 * loose))
  const neckWidth = clamp(shoulder * between(random, 0.34, strappy ? 0.8 : 0.6), 13, shoulder - 2.4)
  const dress = category === 'dress'
  const length = dress ? between(random, 76, 140) : between(random, 40, chance(random, 0.2) ? 105 : 84)
  const waistY = dress ? between(random, 34, 46) : Math.min(length - 6, between(random, 36, 46))
  const waist = chest * between(random, dress ? 0.68 : 0.82, 1.02)
  const hemShape = pick(random, ['straight', 'straight', 'rounded', 'shirttail'] as const)
  const flare = dress ? between(random, 0.85, 2.4) : between(random, 0.82, 1.25)
  const slope = between(random, 1.5, 6.5)
  const base = {
    neckWidth,
    neckDepth: clamp(between(random, 3, kind === 'sleeveless' ? 20 : 14) * (chance(random, 0.2) ? 1.5 : 1), 3, 24),
    neckSquare: pick(random, [1.05, 1.3, 2, 2.1, 2.4, 4.5]),
    backDrop: strappy ? between(random, 2, 12) : between(random, 0.5, 3),
    shoulder,
    slope: strappy ? between(random, 0.2, 2) : slope,
    armhole: between(random, 17, 27) * (0.7 + 0.3 * (chest / 50)),
    chest,
    waistY,
    waist,
    hem: chest * flare,
    length,
    hemShape,
    hemDrop: hemShape === 'shirttail' ? between(random, 3, 9) : between(random, 0.5, 4) * (dress ? 1.5 : 1),
    ...(dress && flare < 1.4
      ? { hip: { y: waistY + between(random, 16, 22), width: chest * between(random, 0.98, 1.12) } }
      : {}),
  }
  if (kind === 'sleeveless') return { ...base, sleeves: null }
  const sleeve = randomSleeve(random, base, kind, loose)
  return { ...base, sleeves: { left: wiggleSleeve(random, sleeve), right: wiggleSleeve(random, sleeve) } }
}

/** What stands above the shoulders: a hood, a shirt collar, a stand or roll neck; or nothing. */
const randomCollar = (random: Random, cut: TopCut): Point[] | null => {
  const half = cut.neckWidth / 2
  const roll = random()
  if (roll < 0.5 || half < 5.5 || half > 13) return null
  if (roll < 0.64) {
    const height = between(random, 20, 34)
    const wide = half + between(random, 3, 8)
    const lean = between(random, -3, 3)
    const right = cubic(at(half + 1, 3), at(wide + 3, -height * 0.35), at(wide * 0.8, -height), at(lean, -height), 18)
    const left = cubic(at(lean, -height), at(-wide * 0.8, -height), at(-wide - 3, -height * 0.35), at(-half - 1, 3), 18)
    return [...right, ...left, at(0, cut.neckDepth)]
  }
  const height = roll < 0.88 ? between(random, 2.5, 5) : between(random, 5, 12)
  const lean = between(random, -0.6, 1.6)
  const spread = roll < 0.88 ? between(random, 0, 3.5) : 0
  const right = cubic(
    at(half + spread * 0.6, 1.6 + spread),
    at(half + lean, 0),
    at(half - 0.6, -height),
    at(half * 0.5, -height),
    10,
  )
  return [...right, ...reversed(mirror(right)), at(0, cut.neckDepth)]
}

const randomTop = (random: Random, category: 'top' | 'dress'): Piece => {
  const kind = pick(
    random,
    category === 'top'
      ? (['sleeveless', 'short-sleeve', 'short-sleeve', 'long-sleeve', 'long-sleeve', 'long-sleeve'] as const)
      : (['sleeveless', 'sleeveless', 'short-sleeve', 'long-sleeve'] as const),
  )
  const cut = randomTopCut(random, category, kind)
  const shape = shapeTop(cut)
  const polygons = [shape.front]
  const collar = randomCollar(random, cut)
  if (collar) polygons.push(collar)
  const openFront = category === 'top' && kind === 'long-sleeve' && chance(random, 0.15)
  if (collar || openFront || chance(random, 0.8)) polygons.push(shape.backNeck)
  if (shape.sleeves) polygons.push(shape.sleeves.left.outline, shape.sleeves.right.outline)
  if (shape.sleeves && chance(random, 0.12))
    for (const { cuff, inner } of [shape.sleeves.left, shape.sleeves.right])
      polygons.push(band([...inner.slice(-2, -1), ...cuff], -0.6, 0.6))
  return { category, cut: kind, polygons, landmarks: shape.landmarks, openFront }
}

const randomTrousers = (random: Random): Piece => {
  const short = chance(random, 0.35)
  const waist = between(random, 30, 50)
  const hip = waist * between(random, 1.06, 1.4)
  const rise = between(random, 20, 34)
  const length = short ? rise + between(random, 4, 32) : rise + between(random, 45, 88)
  const thigh = hip * between(random, 0.5, 0.68)
  const hem = short ? thigh * between(random, 0.82, 1.25) : thigh * between(random, 0.42, 1.35)
  const knee = short ? hem : (thigh + hem) * between(random, 0.4, 0.52)
  const cut: TrousersCut = {
    waist,
    waistDip: between(random, 0, 4),
    band: 4,
    hip,
    hipY: rise * between(random, 0.62, 0.8),
    rise,
    thigh,
    knee,
    kneeY: rise + (length - rise) * between(random, 0.38, 0.5),
    hem,
    length,
    stance: hem / 2 + between(random, 0.4, short ? 7 : 22),
  }
  const shape = shapeTrousers(cut)
  const polygons = [shape.legs.left.outline, shape.legs.right.outline]
  if (chance(random, 0.85)) polygons.push(shape.backBand)
  return { category: 'bottom', cut: short ? 'shorts' : 'trousers', polygons, landmarks: shape.landmarks }
}

const randomSkirt = (random: Random): Piece => {
  const waist = between(random, 28, 48)
  const hip = waist * between(random, 1.1, 1.5)
  const cut: SkirtCut = {
    waist,
    waistDip: between(random, 0, 3),
    band: 3,
    hip,
    hipY: between(random, 16, 22),
    hem: hip * between(random, 0.82, 2.4),
    length: between(random, 26, 98),
    hemDrop: between(random, 0, 6),
    flutes: Math.round(between(random, 2, 7)),
    fluteDepth: chance(random, 0.5) ? between(random, 0.2, 1.6) : 0,
  }
  const shape = shapeSkirt(cut)
  return { category: 'bottom', cut: 'skirt', polygons: [shape.outline, shape.backBand], landmarks: shape.landmarks }
}

/** A smooth displacement in cm: rotation, slant, long bends of the whole piece, and short wrinkles of its edges. */
const randomWarp = (random: Random): ((p: Point) => Point) => {
  const angle = (between(random, -1, 1) ** 3 * 14 * Math.PI) / 180
  const slant = between(random, -0.05, 0.05)
  const stretch = between(random, 0.94, 1.06)
  const waves = Array.from({ length: 9 }, (_, i) => {
    const wavelength = i < 3 ? between(random, 45, 120) : i < 6 ? between(random, 14, 36) : between(random, 4, 11)
    const heading = between(random, 0, Math.PI * 2)
    const size = i < 3 ? between(random, 0, 1.6) : i < 6 ? between(random, 0, 0.6) : between(random, 0, 0.28)
    const push = between(random, 0, Math.PI * 2)
    const k = (2 * Math.PI) / wavelength
    return {
      kx: Math.cos(heading) * k,
      ky: Math.sin(heading) * k,
      px: Math.cos(push) * size,
      py: Math.sin(push) * size,
      phase: between(random, 0, 7),
    }
  })
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  return (p) => {
    let q = at(p.x * stretch + p.y * slant, p.y)
    for (const wave of waves) q = add(q, at(wave.px, wave.py), Math.sin(p.x * wave.kx + p.y * wave.ky + wave.phase))
    return at(q.x * c - q.y * s, q.x * s + q.y * c)
  }
}

/** A random garment silhouette: every cut, sleeves from hanging to T-shaped, rotated, bent and wrinkled. Same seed, same outline. */
export const randomOutline = (seed: number): Outline => {
  const random = createRandom(Math.imul(seed + 1, 2654435761))
  const roll = random()
  const piece =
    roll < 0.5
      ? randomTop(random, 'top')
      : roll < 0.68
        ? randomTop(random, 'dress')
        : roll < 0.88
          ? randomTrousers(random)
          : randomSkirt(random)
  const warp = randomWarp(random)
  const polygons = piece.polygons.map((polygon) => densify(polygon, 1.2).map(warp))
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const p of polygons.flat())
    [x0, y0, x1, y1] = [Math.min(x0, p.x), Math.min(y0, p.y), Math.max(x1, p.x), Math.max(y1, p.y)]
  const scale = (1 - 2 * between(random, 0.02, 0.12)) / Math.max(x1 - x0, y1 - y0)
  const fit = (p: Point): Point => at(0.5 + (p.x - (x0 + x1) / 2) * scale, 0.5 + (p.y - (y0 + y1) / 2) * scale)
  return {
    category: piece.category,
    cut: piece.cut,
    openFront: piece.openFront ?? false,
    polygons: polygons.map((polygon) => polygon.map(fit)),
    landmarks: Object.fromEntries(Object.entries(piece.landmarks).map(([name, p]) => [name, fit(warp(p))])),
  }
}

/** The outline as an 8-bit silhouette of `size` x `size` pixels; its landmarks times `size` are pixels of the mask. */
export const rasteriseOutline = (outline: Outline, size: number): Mask =>
  unionMask(
    outline.polygons.map((polygon) => polygon.map((p) => at(p.x * size, p.y * size))),
    size,
    size,
  )
