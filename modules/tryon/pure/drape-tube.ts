import { type LimbShape, limbReach, outwardsOf } from './limb-shape.ts'
import type { Station } from './garment-frame.ts'
import type { Point } from './image.ts'
import { createPatch, type Patch } from './patch.ts'
import {
  add,
  clamp,
  createPath,
  distance,
  dot,
  lerp,
  mix,
  type Path,
  scale,
  smoothstep,
  subtract,
  unit,
  walk,
} from './vector.ts'

const COLUMNS = 9

/** The visible width of an empty tube of cloth over its flat width: round it shows 2/pi, hanging a little more. */
const TUBE_SHOWS = 0.66

/** However wide a sleeve is, over the shoulder it lies on the arm: it stands off by no more than this. */
const MOST_OUTWARDS_CM = 2.5

type Tube = {
  stations: Station[]
  limb: LimbShape
  /** The line on the person that the tube is sewn to: `u` runs from its outer end (0) to its inner end (1). */
  seam: (u: number) => Point
  /** The limb's outer contour from the seam on: the tube's length is measured along it. */
  contour: Path
  lengthCm: number
  cmPerPxAcross: number
  pixelsPerCm: number
  /** How far cloth stands off the skin at its closest, px. */
  clearance: number
}

/** Beside the body the slack of a sleeve is held between arm and trunk: this part of it shows. */
const HELD = 0.25

/** Garment pixels beyond its edge that are drawn too, for the soft rim; more would bring in what lies beside it. */
const SOFT_PX = 3

type Edge = { outer: Point; inner: Point }
export type TubeDrape = { patch: Patch; end: Edge; middle: Edge }

/** Width of the flat tube at each station, square to its run, px: cross-lines near the seam run askew. */
function flatWidths(stations: readonly Station[]): number[] {
  const middle = stations.map(({ outer, inner }) => lerp(outer, inner, 0.5))
  return stations.map(({ outer, inner }, i) => {
    const before = middle[Math.max(0, i - 1)]!
    const after = middle[Math.min(stations.length - 1, i + 1)]!
    const run = unit(subtract(after, before))
    const line = subtract(outer, inner)
    return Math.abs(line.x * run.y - line.y * run.x)
  })
}

/** The tube's two edges on the person at each station: the outer on the contour, the inner across the limb from it. */
function layEdges(tube: Tube): Edge[] {
  const { stations, limb, contour, pixelsPerCm } = tube
  const total = Math.max(1, stations[stations.length - 1]!.at)
  const flats = flatWidths(stations)
  const skins = stations.map((station) => walk(contour, (station.at / total) * tube.lengthCm * tube.pixelsPerCm))
  let at = 0
  const levels = skins.map(({ point }) => (at = nearestAlong(limb.bone, point, at, 0.25 * limb.bone.total)))
  // The inner side starts where the seam ends (the armpit) and has a length of its own: a cap sleeve has next to none.
  const root = Math.min(at, nearestAlong(limb.bone, tube.seam(1), 0, limb.bone.total))
  const innerPx = stations.reduce((sum, { inner }, i) => sum + (i > 0 ? distance(inner, stations[i - 1]!.inner) : 0), 0)
  const run = Math.min(1.15 * (at - root), (innerPx / total) * tube.lengthCm * tube.pixelsPerCm)
  return stations.map((station, i) => {
    const fraction = station.at / total
    const skin = skins[i]!
    const outside = walk(limb.bone, levels[i]!)
    const out = outwardsOf(outside.tangent, limb.turn)
    const level = root + fraction * run
    const inside = walk(limb.bone, level)
    const reachOut = distance(outside.point, skin.point)
    const reachIn = limbReach(limb, 'inner', level) + tube.clearance
    const slack = Math.max(0, flats[i]! * tube.cmPerPxAcross * pixelsPerCm * TUBE_SHOWS - reachOut - reachIn)
    // Cloth rests on what is below it: on a lifted arm the slack hangs under, on a hanging one it stands off both ways.
    const hang = mix(0.06, 0.3, smoothstep(-0.75, 0.1, out.y)) * smoothstep(0, 0.8, fraction)
    const above = Math.min(hang * slack, MOST_OUTWARDS_CM * pixelsPerCm)
    const held = mix(1, HELD, smoothstep(-0.6, -0.15, out.y))
    return {
      outer: add(
        skin.point,
        scale(outwardsOf(skin.tangent, limb.turn), above + tube.clearance * smoothstep(0, 0.1, fraction)),
      ),
      inner: add(
        inside.point,
        scale(outwardsOf(inside.tangent, limb.turn), -(reachIn + Math.max(0, slack - above) * held)),
      ),
    }
  })
}

/** Lays a sleeve or a leg of cloth along a limb: its centimetres are measured along the limb, its edges hug or stand off. */
export function drapeTube(tube: Tube): TubeDrape {
  const { stations } = tube
  const total = stations[stations.length - 1]!.at
  const edges = layEdges(tube)
  const last = edges[edges.length - 1]!
  const joined = edges.map(({ outer, inner }, i) => {
    const fraction = stations[i]!.at / Math.max(1, total)
    const straight = lerp(tube.seam(1), last.inner, fraction)
    return { outer, inner: lerp(straight, inner, smoothstep(0, Math.min(0.45, 10 / tube.lengthCm), fraction)) }
  })
  joined[0] = { outer: tube.seam(0), inner: tube.seam(1) }
  const middles = joined.map((e) => lerp(e.outer, e.inner, 0.5))
  const pull = unit(subtract(middles[middles.length - 1]!, middles[middles.length - 3]!))
  const rows = stations.length + 1
  const patch = createPatch(COLUMNS, rows, (i, j) => {
    const over = j === rows - 1
    const k = over ? rows - 2 : j
    const station = stations[k]!
    const edge = joined[k]!
    const soft = SOFT_PX / Math.max(1, distance(station.outer, station.inner))
    const u = mix(station.open[0] ? -soft : 0, station.open[1] ? 1 + soft : 1, i / (COLUMNS - 1))
    const source = lerp(station.outer, station.inner, u)
    const target = j === 0 ? tube.seam(clamp(u, 0, 1)) : lerp(edge.outer, edge.inner, u)
    if (!over) return { source, target }
    const before = stations[k - 1]!
    const along = unit(subtract(lerp(station.outer, station.inner, 0.5), lerp(before.outer, before.inner, 0.5)))
    const soften = Math.min(2 * SOFT_PX, 0.06 * total)
    return {
      source: add(source, scale(along, soften)),
      target: add(target, scale(pull, (soften / Math.max(1, total)) * tube.lengthCm * tube.pixelsPerCm)),
    }
  })
  return { patch, end: last, middle: joined[Math.floor(joined.length / 2)]! }
}

/** The place along `bone` nearest to `p` between `from` and `from + reach`: stations go down the limb, never back. */
function nearestAlong(bone: Path, p: Point, from: number, reach: number): number {
  let best = from
  let least = Infinity
  for (let s = from; s <= from + reach; s += bone.total / 200) {
    const away = distance(walk(bone, s).point, p)
    if (away < least) {
      least = away
      best = s
    }
  }
  return best
}

/** A limb's outer contour, entered from `lead` (points from the seam on, in order), smoothed where the two meet. */
export function limbContour(lead: readonly Point[], limb: LimbShape, from: number): Path {
  const points = [...lead]
  const end = limb.bone.total
  for (let s = from; s <= end; s += end / 48) {
    const { point, tangent } = walk(limb.bone, s)
    const next = add(point, scale(outwardsOf(tangent, limb.turn), limbReach(limb, 'outer', s)))
    // Where the lead-in reaches further down than the limb begins, the limb's first points would lead back up.
    if (dot(subtract(next, points[points.length - 1]!), tangent) > 0) points.push(next)
  }
  const raw = createPath(points)
  const window = 0.03 * raw.total
  const calm: Point[] = []
  for (let i = 0; i <= 64; i++) {
    const s = (i / 64) * raw.total
    const reach = Math.min(window, s, raw.total - s)
    const around = lerp(walk(raw, s - reach).point, walk(raw, s + reach).point, 0.5)
    calm.push(lerp(walk(raw, s).point, around, 0.67))
  }
  return createPath(calm)
}
