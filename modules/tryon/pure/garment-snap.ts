import { contourTurns, smoothContour, traceContour } from './garment-contour.ts'
import { orderAlongOutline } from './garment-order.ts'
import type { GarmentCategory, GarmentCut, GarmentLandmarks, LandmarkName } from './garment.ts'
import type { Mask, Point } from './image.ts'

/**
 * What a landmark looks like on the outline: a corner that bulges or caves in, any point of it, a point of it unless a sleeve
 * lies over it (then it is within), or not on it at all.
 */
type Place = 'bulge' | 'cave' | 'edge' | 'hidden' | 'within'

const places = (category: GarmentCategory, cut: GarmentCut): Partial<Record<LandmarkName, Place>> => {
  const both = (stem: string, place: Place) => ({ [`${stem}Left`]: place, [`${stem}Right`]: place })
  if (category === 'bottom' && cut === 'skirt') {
    return { ...both('waist', 'bulge'), ...both('hip', 'edge'), ...both('hem', 'bulge'), hemCentre: 'edge' }
  }
  if (category === 'bottom') {
    return {
      ...both('waist', 'bulge'),
      ...both('hip', 'edge'),
      crotch: 'cave',
      ...both('kneeOuter', 'edge'),
      ...both('kneeInner', 'edge'),
      ...both('hemOuter', 'bulge'),
      ...both('hemInner', 'bulge'),
    }
  }
  const bare = cut === 'sleeveless'
  return {
    ...both('collar', 'edge'),
    ...both('shoulder', bare ? 'bulge' : 'edge'),
    ...both('armpit', bare ? 'edge' : 'cave'),
    ...both('elbowOuter', 'edge'),
    ...both('elbowInner', 'hidden'),
    ...both('cuffOuter', bare ? 'edge' : 'bulge'),
    ...both('cuffInner', bare ? 'edge' : 'bulge'),
    ...both('waist', bare ? 'edge' : 'hidden'),
    ...both('hem', 'bulge'),
    hemCentre: 'edge',
  }
}

/** How far, as a share of the mask's side, a landmark may be moved onto a corner or onto the edge. */
const CORNER_REACH = 0.06
const CAVE_REACH = 0.09
const EDGE_REACH = 0.08
const HIDDEN_REACH = 0.03

const snapToCorner = (
  p: Point,
  outline: Point[],
  turns: Float32Array,
  sign: number,
  reach: number,
): Point | undefined => {
  let best: Point | undefined
  let most = 0.25
  for (let i = 0; i < outline.length; i++) {
    const q = outline[i]!
    const far = Math.hypot(q.x - p.x, q.y - p.y) / reach
    if (far > 1) continue
    const score = turns[i]! * sign - 0.9 * far * far
    if (score <= most) continue
    most = score
    best = q
  }
  return best
}

const snapToEdge = (p: Point, outline: Point[], reach: number): Point | undefined => {
  let best: Point | undefined
  let least = reach
  for (const q of outline) {
    const far = Math.hypot(q.x - p.x, q.y - p.y)
    if (far >= least) continue
    least = far
    best = q
  }
  return best
}

/**
 * Moves landmarks that a network placed roughly onto the outline they belong to: hems, cuffs and waistbands to corners
 * that bulge, armpits and crotch to corners that cave in, the rest to the nearest edge. Pixels of `mask`.
 */
export const snapLandmarks = (
  mask: Mask,
  category: GarmentCategory,
  cut: GarmentCut,
  rough: GarmentLandmarks,
): GarmentLandmarks => {
  const outline = smoothContour(traceContour(mask), 2)
  const turns = contourTurns(outline, Math.round(mask.width * 0.022))
  const snapped: GarmentLandmarks = {}
  const kinds = places(category, cut)
  for (const [key, p] of Object.entries(rough)) {
    const name = key as LandmarkName
    const place = kinds[name] ?? 'within'
    const sign = place === 'bulge' ? 1 : -1
    const reach = mask.width * (place === 'cave' ? CAVE_REACH : CORNER_REACH)
    const isCorner = place === 'bulge' || place === 'cave'
    const corner = isCorner ? snapToCorner(p, outline, turns, sign, reach) : undefined
    const near = place === 'hidden' || place === 'cave' ? HIDDEN_REACH : EDGE_REACH
    const edge = place === 'within' ? undefined : snapToEdge(p, outline, mask.width * near)
    snapped[name] = corner ?? edge ?? p
  }
  return cut === 'long-sleeve' ? orderAlongOutline(outline, turns, snapped, mask.width) : snapped
}
