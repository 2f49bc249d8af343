import { type BodyFrame, SIDES, toFrame, toImage, torsoMiddle } from './body-frame.ts'
import { createClothGirth } from './cloth-girth.ts'
import type { Drape, DrapeInput } from './drape.ts'
import { createGarmentFrame, extentDown, fromGarment, requireLandmarks, toGarment } from './garment-frame.ts'
import type { BodyInput, GarmentScale } from './garment-size.ts'
import type { Point } from './image.ts'
import { limbReach, outwardsOf, readLeg } from './limb-shape.ts'
import type { PersonParts } from './parts.ts'
import { createPatch } from './patch.ts'
import { evenLevels, flatWidthReader, readSideEdges, type SideEdges } from './side-edges.ts'
import { bodyGirth, drawnHalfWidth } from './torso-fit.ts'
import { add, clamp, interpolate, midpoint, mix, scale, walk, wrapAround } from './vector.ts'

const COLUMNS = 25
const ROWS = 49

/** How far below the shoulder joints the natural waist lies, in torso lengths. */
const NATURAL_WAIST = 0.6

/** Girth over visible width of cloth that hangs free below the hips. */
const HANGING_GIRTH_PER_WIDTH = 2.35

/** Lays a skirt: it hangs from the waist, follows the hips and falls over both legs. */
export function drapeSkirt(input: DrapeInput): Drape {
  const { garment, size, frame, body } = input
  const at = requireLandmarks(garment.landmarks, [
    'waistLeft',
    'waistRight',
    'hipLeft',
    'hipRight',
    'hemLeft',
    'hemRight',
  ])
  const axes = createGarmentFrame([at.waistLeft, at.waistRight], [at.hemLeft, at.hemRight])
  const hipDepth = fromGarment(axes, midpoint(at.hipLeft, at.hipRight)).d
  const hemDepth = fromGarment(axes, garment.landmarks.hemCentre ?? midpoint(at.hemLeft, at.hemRight)).d
  const extent = extentDown(garment, axes)
  const levels = evenLevels(extent.from - 2, extent.to + 2, ROWS)
  const edges = readSideEdges(
    garment,
    axes,
    { left: [at.waistLeft, at.hipLeft, at.hemLeft], right: [at.waistRight, at.hipRight, at.hemRight] },
    levels,
  )
  const waist = restingWaist(frame, body, size.measures.waist)
  const perDown = (size.measures.length * frame.pixelsPerCm) / Math.max(1, hemDepth)
  const onBody = (depth: number) => waist + depth * perDown
  const girthAt = skirtGirth(size, edges, { hip: hipDepth, hem: hemDepth })
  const halves = halfWidths(
    input,
    levels.map((depth) => ({ d: onBody(depth), girthCm: girthAt(Math.max(0, depth)) })),
  )
  const place = (u: number, row: number): Point => {
    const d = onBody(levels[row]!)
    return toImage(frame, torsoMiddle(frame, d) + (2 * wrapAround(u) - 1) * halves[row]!, d)
  }
  const patch = createPatch(COLUMNS, ROWS, (i, j) => {
    const u = mix(-0.03, 1.03, i / (COLUMNS - 1))
    return { source: toGarment(axes, mix(edges.left[j]!, edges.right[j]!, u), levels[j]!), target: place(u, j) }
  })
  const [top, hip, hem] = [nearestRow(levels, 0), nearestRow(levels, hipDepth), nearestRow(levels, hemDepth)]
  return {
    layers: [{ name: 'skirt', patch }],
    placement: {
      waistLeft: place(0, top),
      waistRight: place(1, top),
      hipLeft: place(0, hip),
      hipRight: place(1, hip),
      hemLeft: place(0, hem),
      hemRight: place(1, hem),
      hemCentre: toImage(frame, torsoMiddle(frame, onBody(hemDepth)), onBody(hemDepth)),
    },
    drawnWidthCm: (2 * halves[hip]!) / frame.pixelsPerCm,
  }
}

/** Which of the evenly spaced `levels` lies nearest to `depth`. */
function nearestRow(levels: readonly number[], depth: number): number {
  const last = levels.length - 1
  return clamp(Math.round(((depth - levels[0]!) / (levels[last]! - levels[0]!)) * last), 0, last)
}

/** The level `d` (px) at which a waistband of `girthCm` comes to rest: the natural waist, or lower where the body fills it. */
function restingWaist(frame: BodyFrame, body: BodyInput, girthCm: number): number {
  for (let t = NATURAL_WAIST; t < 0.86; t += 0.01) {
    const d = t * frame.torsoLength
    if (bodyGirth(frame, body, d) >= girthCm * 0.98) return d
  }
  return 0.74 * frame.torsoLength
}

/** Girth in cm at a depth below the waist, both depths in garment px. */
function skirtGirth(
  size: GarmentScale,
  edges: SideEdges,
  depth: { hip: number; hem: number },
): (depth: number) => number {
  const girth = createClothGirth(size, flatWidthReader(edges))
  const hip = girth.correction('hip', depth.hip) ?? 1
  return girth.corrected(
    [0, Math.max(1, depth.hip), Math.max(2, depth.hem)],
    [girth.correction('waist', 2) ?? 1, hip, girth.correction('hem', depth.hem * 0.97) ?? hip],
  )
}

/** Half the skirt's visible width (px) at each of `rows`, from the top: on the torso it fits, below it hangs over the legs. */
function halfWidths({ frame, body, parts }: DrapeInput, rows: readonly { d: number; girthCm: number }[]): number[] {
  const cm = frame.pixelsPerCm
  const legsAt = legSpan(frame, parts)
  let widest = 0
  return rows.map(({ d, girthCm }) => {
    if (d <= frame.crotch) {
      const half = drawnHalfWidth(frame, body, d, girthCm)
      widest = Math.max(widest, half)
      return half
    }
    const legs = legsAt(d)
    const hanging = Math.max((girthCm / HANGING_GIRTH_PER_WIDTH / 2) * cm, legs > 0 ? legs + 0.6 * cm : 0)
    return mix(widest, hanging, clamp((d - frame.crotch) / (12 * cm), 0, 1))
  })
}

/** Half the width that both legs take up at level `d`, px: cloth that hangs over them cannot be narrower. */
function legSpan(frame: BodyFrame, parts: PersonParts): (d: number) => number {
  const ds: number[] = []
  const halves: number[] = []
  const legs = SIDES.map((side) => readLeg(frame, parts, side))
  for (let k = 0; k <= 30; k++) {
    const outer = legs.map((leg) => {
      const s = (k / 30) * leg.bone.total
      const { point, tangent } = walk(leg.bone, s)
      return toFrame(frame, add(point, scale(outwardsOf(tangent, leg.turn), limbReach(leg, 'outer', s))))
    })
    ds.push((outer[0]!.d + outer[1]!.d) / 2)
    halves.push((Math.abs(outer[0]!.a) + Math.abs(outer[1]!.a)) / 2)
  }
  return (d) => interpolate(ds, halves, d)
}
