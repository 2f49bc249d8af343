import { type BodyFrame, type Side, shoulderTop, signOf, toImage, torsoMiddle } from './body-frame.ts'
import type { DrapeInput } from './drape.ts'
import type { PreparedGarment } from './garment.ts'
import {
  createGarmentFrame,
  extentDown,
  fromGarment,
  type GarmentFrame,
  requireLandmarks,
  toGarment,
} from './garment-frame.ts'
import type { GarmentScale } from './garment-size.ts'
import { collarRise, HOOD_SHOWS_CM, STAND_CM } from './hood.ts'
import type { Point } from './image.ts'
import { createPatch, type Patch } from './patch.ts'
import { evenLevels } from './side-edges.ts'
import { drawnHalfWidth } from './torso-fit.ts'
import { type InGarment, readRows, readTop, type Row, rowAt, torsoGirth } from './torso-rows.ts'
import { clamp, distance, interpolate, midpoint, mix, smoothstep, wrapAround } from './vector.ts'

/** Where the torso of a garment comes to lie, in image px. `armpit` and `shoulder` are what the sleeves join. */
export type TorsoDrape = {
  patch: Patch
  collar: Record<Side, Point>
  collarCentre: Point
  shoulder: Record<Side, Point>
  armpit: Record<Side, Point>
  /** Where a point of the garment's picture comes to lie if it belongs to the torso. */
  land: (p: Point) => Point
  hem: Record<Side, Point>
  hemCentre: Point
  /** The visible width of the cloth at the chest, cm. */
  chestWidthCm: number
}

const COLUMNS = 33
const ROWS = 65

/** How far below the shoulder joint the arm leaves the torso, in shares of the stature. */
const BODY_ARMPIT = 0.065

const LANDMARKS = [
  'collarLeft',
  'collarRight',
  'collarCentre',
  'shoulderLeft',
  'shoulderRight',
  'armpitLeft',
  'armpitRight',
  'hemLeft',
  'hemRight',
] as const

/** Lays the part of a top or dress that hangs from the shoulders; sleeves are laid apart and join it. */
export function drapeTorso({ garment, size, frame, body }: DrapeInput): TorsoDrape {
  const at = requireLandmarks(garment.landmarks, LANDMARKS)
  const hemMiddle = midpoint(at.hemLeft, at.hemRight)
  const hemCentre = garment.landmarks.hemCentre ?? hemMiddle
  const axes = createGarmentFrame([at.collarLeft, at.collarRight], [hemCentre, hemMiddle])
  const own = { ...readAnchors(axes, at), hem: fromGarment(axes, hemCentre).d }
  const hang = hangFromShoulders(own, size, frame)
  const rows = readRows(garment, axes, rowLevels(garment, axes, size))
  const girthAt = torsoGirth(garment, axes, rows, size)
  const place = createPlacer(own, hang, {
    topOfBody: (a) => topOfBody(frame, hang, a),
    topOfGarment: readTop(garment, axes, own),
    halfWidth: (d, depth) => drawnHalfWidth(frame, body, d, girthAt(depth)),
    middle: (d) => torsoMiddle(frame, d),
    pxDown: size.cmPerPxDown * frame.pixelsPerCm,
  })
  const toPicture = (ga: number, row: Row): Point => {
    const { a, d } = place(ga, row)
    return toImage(frame, a, d)
  }
  const land = (p: Point): Point => {
    const { a, d } = fromGarment(axes, p)
    return toPicture(a, rowAt(rows, d))
  }
  const chest = (hang.armpit.left + hang.armpit.right) / 2
  return {
    patch: createPatch(COLUMNS, ROWS, (i, j) => {
      const row = rows[j]!
      const a = across(row, i / (COLUMNS - 1))
      return { source: toGarment(axes, a, row.d), target: toPicture(a, row) }
    }),
    collar: { left: land(at.collarLeft), right: land(at.collarRight) },
    collarCentre: land(at.collarCentre),
    shoulder: { left: land(at.shoulderLeft), right: land(at.shoulderRight) },
    armpit: { left: land(at.armpitLeft), right: land(at.armpitRight) },
    land,
    hem: { left: land(at.hemLeft), right: land(at.hemRight) },
    hemCentre: land(hemCentre),
    chestWidthCm: (2 * drawnHalfWidth(frame, body, chest, size.measures.chest)) / frame.pixelsPerCm,
  }
}

/** The garment's own landmarks that decide how it hangs, in its axes and px; `armpit` and `hem` are levels. */
type Anchors = {
  collar: Record<Side, InGarment>
  shoulder: Record<Side, InGarment>
  armpit: Record<Side, number>
  hem: number
}

function readAnchors(axes: GarmentFrame, at: Record<(typeof LANDMARKS)[number], Point>): Omit<Anchors, 'hem'> {
  return {
    collar: { left: fromGarment(axes, at.collarLeft), right: fromGarment(axes, at.collarRight) },
    shoulder: { left: fromGarment(axes, at.shoulderLeft), right: fromGarment(axes, at.shoulderRight) },
    armpit: { left: fromGarment(axes, at.armpitLeft).d, right: fromGarment(axes, at.armpitRight).d },
  }
}

/** Levels of the rows: dense enough at the collar to follow the neckline; a little past both ends for the soft edge. */
function rowLevels(garment: PreparedGarment, axes: GarmentFrame, size: GarmentScale): number[] {
  const extent = extentDown(garment, axes)
  // A hood laid flat above the collar hangs behind the head when worn: no more than a stand collar's height is drawn.
  const aboveCollarCm = collarRise(garment, size.cmPerPxDown).hood ? HOOD_SHOWS_CM : STAND_CM
  const from = Math.max(extent.from, -aboveCollarCm / size.cmPerPxDown)
  const margin = 0.01 * (extent.to - from) + 2
  return evenLevels(from - margin, extent.to + margin, ROWS)
}

/** A row's place across at `t` (0 to 1); where its edge is free it goes a little past it for the soft edge. */
function across(row: Row, t: number): number {
  const soft = 0.02 * (row.right - row.left) + 2
  return mix(row.left - (row.openLeft ? soft : 1), row.right + (row.openRight ? soft : 1), t)
}

/** How the garment hangs on the body: half widths, and levels `d` on the body, in image px. */
type Hang = {
  /** Half the collar's width. */
  collarHalf: number
  /** From the body's midline to where the sleeve is set in. */
  reach: number
  /** How far the cloth lies above the shoulder. */
  lift: number
  armpit: Record<Side, number>
  hem: number
}

/** The collar sits on the slope of the shoulder, the sleeve where the chart's shoulder width says. */
function hangFromShoulders(own: Anchors, size: GarmentScale, frame: BodyFrame): Hang {
  const cm = frame.pixelsPerCm
  const ownHalf = Math.abs(own.collar.left.a - own.collar.right.a) / 2
  const collarHalf = clamp(ownHalf * (size.cmPerPxAcross * cm), 5.5 * cm, 12 * cm)
  const tip = distance(frame.shoulder.left, frame.shoulder.right) / 2 + 2.2 * cm
  const reach = Math.max(collarHalf + 2 * cm, Math.min((size.measures.shoulder / 2) * cm, tip))
  const lift = 0.35 * cm
  const top = (a: number) => topOfBody(frame, { collarHalf, lift }, a)
  const collar = (top(-collarHalf) + top(collarHalf)) / 2
  const hem = collar + size.measures.length * cm
  const bodyArmpit = BODY_ARMPIT * frame.heightCm * cm
  const armpit = (side: Side) => {
    const armholeDepth = (own.armpit[side] - own.collar[side].d) * (size.cmPerPxDown * cm)
    const level = collar + armholeDepth
    // Cut lower than the body's armpit, an armhole rides up to it in part.
    return clamp(
      mix(bodyArmpit, level, level > bodyArmpit ? 0.6 : 1),
      bodyArmpit * 0.7,
      Math.max(bodyArmpit, hem - 4 * cm),
    )
  }
  return { collarHalf, reach, lift, armpit: { left: armpit('left'), right: armpit('right') }, hem }
}

/** The level on which cloth rests at `a`: the shoulders' slopes, and straight across the neck. */
function topOfBody(frame: BodyFrame, { collarHalf, lift }: Pick<Hang, 'collarHalf' | 'lift'>, a: number): number {
  if (Math.abs(a) >= collarHalf) return shoulderTop(frame, a < 0 ? 'left' : 'right', a) - lift
  const [l, r] = [shoulderTop(frame, 'left', collarHalf) - lift, shoulderTop(frame, 'right', collarHalf) - lift]
  return mix(l, r, (a + collarHalf) / (2 * collarHalf))
}

/** What the placing asks of garment and body: `depth` and `ga` are the garment's own px, all else is image px. */
type Surroundings = {
  topOfBody(a: number): number
  topOfGarment(ga: number): number
  /** Half the cloth's visible width at level `d` of the body, where its own level is `depth`. */
  halfWidth(d: number, depth: number): number
  middle(d: number): number
  /** Image px a garment px down. */
  pxDown: number
}

/** A place in the body's frame, px. */
type InBody = { a: number; d: number }

/** Where on the body the place `ga` of a row comes to lie: on the yoke above the armpits, wrapped below. */
function createPlacer(own: Anchors, hang: Hang, about: Surroundings): (ga: number, row: Row) => InBody {
  const { collarHalf, reach } = hang
  const ownYoke = [own.shoulder.left.a, own.collar.left.a, own.collar.right.a, own.shoulder.right.a]
  const yoke = [-reach, -collarHalf, collarHalf, reach]
  const belowArmpit = (depth: number, ownArmpit: number, armpit: number) =>
    armpit + ((depth - ownArmpit) * (hang.hem - armpit)) / Math.max(1, own.hem - ownArmpit)
  const sideEdge = (depth: number, side: Side): number => {
    const [ownArmpit, ownShoulder] = [own.armpit[side], own.shoulder[side].d]
    const below = Math.max(depth, ownArmpit)
    const d = belowArmpit(below, ownArmpit, hang.armpit[side])
    const edge = about.middle(d) + signOf(side) * about.halfWidth(d, below)
    if (depth >= ownArmpit) return edge
    return mix(signOf(side) * reach, edge, clamp((depth - ownShoulder) / Math.max(1, ownArmpit - ownShoulder), 0, 1))
  }
  return (ga, row) => {
    const depth = row.d
    const u = (ga - row.left) / Math.max(1, row.right - row.left)
    const inside = clamp(u, 0, 1)
    const [left, right] = [sideEdge(depth, 'left'), sideEdge(depth, 'right')]
    const wrapped = mix(left, right, wrapAround(u))
    const armpit = mix(hang.armpit.left, hang.armpit.right, inside)
    const ownArmpit = mix(own.armpit.left, own.armpit.right, inside)
    if (depth >= ownArmpit) return { a: wrapped, d: belowArmpit(depth, ownArmpit, armpit) }
    // Across the collar the garment's own neck opening meets the body's neck; outside it runs on to the sleeve.
    const start = about.topOfGarment(ga)
    const w = (depth - start) / Math.max(1, ownArmpit - start)
    const onYoke = interpolate(ownYoke, yoke, mix(own.shoulder.left.a, own.shoulder.right.a, inside))
    const flat = mix(left, right, (onYoke + reach) / (2 * reach)) + (u - inside) * (right - left)
    const a = mix(flat, wrapped, smoothstep(0.1, 0.9, w))
    const top = about.topOfBody(a)
    return { a, d: w < 0 ? top + (depth - start) * about.pxDown : mix(top, armpit, w) }
  }
}
