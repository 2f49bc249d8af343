import { type LimbShape, limbReach, outwardsOf } from './limb-shape.ts'
import type { Station } from './garment-frame.ts'
import type { Point } from './image.ts'
import { createPatch, type Patch } from './patch.ts'
import { add, createPath, distance, lerp, mix, type Path, scale, smoothstep, subtract, unit, walk } from './vector.ts'

const COLUMNS = 9

/** The visible width of an empty tube of cloth over its flat width: round it shows 2/pi, hanging a little more. */
const TUBE_SHOWS = 0.66

/** However wide a sleeve is, over the shoulder it lies on the arm: it stands off by no more than this. */
const MOST_OUTWARDS_CM = 2.5

export type Tube = {
  stations: Station[]
  limb: LimbShape
  /** The line on the person that the tube is sewn to: its outer and its inner end. */
  seam: { outer: Point; inner: Point }
  /** Where on `limb.bone` the outer end of the seam is level with, px along the bone; it may be before the joint. */
  startAt: number
  lengthCm: number
  cmPerPxAcross: number
  pixelsPerCm: number
  /** How far cloth stands off the skin at its closest, px. */
  clearance: number
}

export type TubeDrape = { patch: Patch; end: { outer: Point; inner: Point }; middle: { outer: Point; inner: Point } }

/** Lays a sleeve or a leg of cloth along a limb: its centimetres are measured along the bone, its edges hug or stand off. */
export function drapeTube(tube: Tube): TubeDrape {
  const { stations, limb, seam } = tube
  const total = stations[stations.length - 1]!.at
  const edges = stations.map((station) => {
    const fraction = station.at / Math.max(1, total)
    const s = tube.startAt + fraction * tube.lengthCm * limb.perCm
    const { point, tangent } = walk(limb.bone, s)
    const out = outwardsOf(tangent, limb.turn)
    const reachOut = limbReach(limb, 'outer', s) + tube.clearance
    const reachIn = limbReach(limb, 'inner', s) + tube.clearance
    const flat = distance(station.outer, station.inner) * tube.cmPerPxAcross * tube.pixelsPerCm
    const slack = Math.max(0, flat * TUBE_SHOWS - reachOut - reachIn)
    // Cloth rests on what is below it: on a lifted arm the slack hangs under, on a hanging one it stands off both ways.
    const hang = mix(0.06, 0.3, smoothstep(-0.75, 0.1, out.y)) * smoothstep(0, 0.8, fraction)
    const above = Math.min(hang * slack, MOST_OUTWARDS_CM * tube.pixelsPerCm)
    return {
      fraction,
      outer: add(point, scale(out, reachOut + above)),
      inner: add(point, scale(out, -(reachIn + slack - above))),
    }
  })
  const last = edges[edges.length - 1]!
  const joined = edges.map(({ fraction, outer, inner }) => ({
    outer: blend(seam.outer, outer, last.outer, fraction, 0.15),
    inner: blend(seam.inner, inner, last.inner, fraction, 0.45),
  }))
  const pull = extend(joined.map((e) => lerp(e.outer, e.inner, 0.5)))
  const rows = stations.length + 1
  const patch = createPatch(COLUMNS, rows, (i, j) => {
    const over = j === rows - 1
    const k = over ? rows - 2 : j
    const station = stations[k]!
    const edge = joined[k]!
    const soft = 0.05
    const u = mix(station.open[0] ? -soft : -0.01, station.open[1] ? 1 + soft : 1.01, i / (COLUMNS - 1))
    const source = lerp(station.outer, station.inner, u)
    const target = lerp(edge.outer, edge.inner, u)
    if (!over) return { source, target }
    const before = stations[k - 1]!
    const along = unit(subtract(lerp(station.outer, station.inner, 0.5), lerp(before.outer, before.inner, 0.5)))
    const soften = 0.06 * total
    return {
      source: add(source, scale(along, soften)),
      target: add(target, scale(pull, (soften / Math.max(1, total)) * tube.lengthCm * limb.perCm)),
    }
  })
  const half = joined[Math.floor(joined.length / 2)]!
  const end = joined[joined.length - 1]!
  return { patch, end, middle: half }
}

const extend = (middle: Point[]): Point => unit(subtract(middle[middle.length - 1]!, middle[middle.length - 3]!))

/** From the seam into the tube: straight towards the cuff at first, on the limb's own edge from `until` on. */
const blend = (seam: Point, own: Point, end: Point, fraction: number, until: number): Point =>
  lerp(lerp(seam, end, fraction), own, smoothstep(0, until, fraction))

/** The polyline a sleeve's outer edge follows: over the shoulder, then down the arm's outer side. */
export const outerPath = (shoulder: Point[], limb: LimbShape): Path => {
  const down: Point[] = []
  for (let s = 0.15 * limb.bone.total; s <= limb.bone.total; s += limb.bone.total / 40) {
    const { point, tangent } = walk(limb.bone, s)
    down.push(add(point, scale(outwardsOf(tangent, limb.turn), limbReach(limb, 'outer', s))))
  }
  return createPath([...shoulder, ...down])
}
