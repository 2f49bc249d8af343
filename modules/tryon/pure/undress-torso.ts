import type { Point } from './image.ts'
import { blurField, quantile, smoothstep, type Box } from './inpaint-field.ts'
import { PART, type PersonParts } from './parts.ts'
import { POSE, type Pose } from './pose.ts'
import { createLayer, findPixelsPerMetre, fitUnderCloth, type BodyLayer } from './undress-limb.ts'

/**
 * The bare trunk from chin to crotch in its own frame: `origin` between the shoulders, `down` and `across` (towards the person's left) are unit
 * vectors, rows are one pixel apart along `down` and begin at `top`.
 */
export type TorsoShape = {
  origin: Point
  down: Point
  across: Point
  top: number
  length: number
  scale: number
  /** Edge of the body on the person's left (positive) and right (negative), per row, in pixels from the axis. */
  left: Float32Array
  right: Float32Array
  /** Row (in pixels along `down`) of the shoulder's top at each side. */
  shoulderRow: [number, number]
  /** Place of the shoulder joints across, in pixels from the axis. */
  joints: [number, number]
  /** Half breadth of the chest in pixels. */
  chest: number
}

/** Half widths of the trunk below the armpit as shares of the chest's, at shares of the way from shoulder to hip joint. */
const TRUNK: readonly (readonly [number, number])[] = [
  [0.22, 1],
  [0.35, 0.95],
  [0.5, 0.86],
  [0.62, 0.86],
  [0.75, 0.93],
  [0.88, 1.01],
  [1, 1.08],
  [1.15, 1.17],
  [1.3, 1.2],
]

const between = (points: readonly (readonly [number, number])[], at: number): number => {
  if (at <= points[0]![0]) return points[0]![1]
  for (let k = 1; k < points.length; k++) {
    const [x1, y1] = points[k]!
    const [x0, y0] = points[k - 1]!
    if (at <= x1) return y0 + (y1 - y0) * smoothstep(x0, x1, at)
  }
  return points.at(-1)![1]
}

const toFrame = (frame: { origin: Point; down: Point; across: Point }, point: Point) => {
  const x = point.x - frame.origin.x
  const y = point.y - frame.origin.y
  return { side: x * frame.across.x + y * frame.across.y, row: x * frame.down.x + y * frame.down.y }
}

/** Sides of the bare neck in the trunk's frame, from its label where it shows. */
const findNeck = (
  parts: PersonParts,
  frame: { origin: Point; down: Point; across: Point },
  from: number,
  usual: number,
  centre: number,
) => {
  const lefts: number[] = []
  const rights: number[] = []
  const isNeck = (side: number, row: number) => {
    const x = Math.floor(frame.origin.x + frame.across.x * side + frame.down.x * row)
    const y = Math.floor(frame.origin.y + frame.across.y * side + frame.down.y * row)
    if (x < 0 || y < 0 || x >= parts.width || y >= parts.height) return false
    return parts.labels[y * parts.width + x] === PART.neck
  }
  for (let row = from; row < from + usual * 1.2; row += 2) {
    if (!isNeck(centre, row)) continue
    let left = centre
    let right = centre
    while (left < centre + 2 * usual && isNeck(left + 1, row)) left++
    while (right > centre - 2 * usual && isNeck(right - 1, row)) right--
    lefts.push(left)
    rights.push(right)
  }
  if (lefts.length < 4) return { left: centre + usual, right: centre - usual }
  // An open collar shows the chest too, so the narrow rows are the neck; hair may hide a side, so it is never very narrow.
  const limit = (value: number) => Math.min(1.2 * usual, Math.max(0.75 * usual, value))
  return { left: centre + limit(quantile(lefts, 0.5) - centre), right: centre - limit(centre - quantile(rights, 0.5)) }
}

/** Distance from the axis at which the person's silhouette ends, or `limit` when it does not before. */
const findEdge = (parts: PersonParts, frame: TorsoShape, row: number, sign: number, limit: number): number => {
  for (let side = 0; side < limit; side += 1) {
    const x = Math.floor(frame.origin.x + frame.across.x * side * sign + frame.down.x * row)
    const y = Math.floor(frame.origin.y + frame.across.y * side * sign + frame.down.y * row)
    if (x < 0 || y < 0 || x >= parts.width || y >= parts.height) return limit
    if (parts.alpha.data[y * parts.width + x]! < 127) return side
  }
  return limit
}

/** The bare trunk of a person seen from the front, or undefined when the pose does not know the shoulders. */
export const findTorsoShape = (pose: Pose, parts: PersonParts): TorsoShape | undefined => {
  const mark = (index: number) => pose.landmarks[index]!
  const ls = mark(POSE.leftShoulder)
  const rs = mark(POSE.rightShoulder)
  if (Math.min(ls.visibility, rs.visibility) < 0.3) return undefined
  const scale = findPixelsPerMetre(pose)
  const origin = { x: (ls.x + rs.x) / 2, y: (ls.y + rs.y) / 2 }
  const hip = {
    x: (mark(POSE.leftHip).x + mark(POSE.rightHip).x) / 2,
    y: (mark(POSE.leftHip).y + mark(POSE.rightHip).y) / 2,
  }
  const length = Math.max(0.2 * scale, Math.hypot(hip.x - origin.x, hip.y - origin.y))
  const down = { x: (hip.x - origin.x) / length, y: (hip.y - origin.y) / length }
  const sign = Math.sign(ls.x - rs.x) || 1
  const across = { x: down.y * sign, y: -down.x * sign }
  const frame = { origin, down, across }
  const left = toFrame(frame, ls)
  const right = toFrame(frame, rs)
  const mouth = {
    x: (mark(POSE.mouthLeft).x + mark(POSE.mouthRight).x) / 2,
    y: (mark(POSE.mouthLeft).y + mark(POSE.mouthRight).y) / 2,
  }
  const chin = toFrame(frame, mouth)
  const top = Math.floor(Math.min(chin.row + 0.02 * scale, -0.1 * scale))
  const rows = Math.ceil(length * 1.3 - top)
  const neck = findNeck(parts, frame, chin.row + 0.06 * scale, 0.058 * scale, chin.side * 0.35)
  const hipHalf = Math.abs(toFrame(frame, mark(POSE.leftHip)).side - toFrame(frame, mark(POSE.rightHip)).side) / 2
  const breadth = Math.max(left.side - right.side, 0.24 * scale)
  const chest = Math.max(0.5 * breadth, 0.13 * scale)
  const shape: TorsoShape = {
    ...frame,
    top,
    length,
    scale,
    left: new Float32Array(rows),
    right: new Float32Array(rows),
    shoulderRow: [left.row - 0.043 * scale, right.row - 0.043 * scale],
    joints: [left.side, right.side],
    chest,
  }
  for (let k = 0; k < rows; k++) {
    const row = top + k
    const share = row / length
    for (let s = 0; s < 2; s++) {
      const way = s === 0 ? 1 : -1
      const neckSide = s === 0 ? neck.left : -neck.right
      const shoulder = Math.abs(s === 0 ? left.side : right.side) + 0.012 * scale
      const shoulderRow = shape.shoulderRow[s]!
      const base = shoulderRow - 0.085 * scale
      let half: number
      if (row < base) half = neckSide
      else if (row < shoulderRow) half = neckSide + (shoulder - neckSide) * ((row - base) / (shoulderRow - base)) ** 1.7
      else {
        const hipEdge = hipHalf + 0.084 * scale
        const usual = chest * between(TRUNK, share)
        // The hips' outline is the thighs'.
        const trunk = usual + (hipEdge - usual) * smoothstep(0.72, 1.02, share)
        const armpit = length * 0.24
        half = row < armpit ? shoulder + (trunk - shoulder) * smoothstep(shoulderRow, armpit, row) : trunk
        half = fitUnderCloth(half, findEdge(parts, shape, row, way, 1.5 * half))
      }
      ;(s === 0 ? shape.left : shape.right)[k] = half
    }
  }
  // Creases of the old cloth's outline are not the body's.
  const soft = (line: Float32Array) =>
    blurField(line, { width: line.length, height: 1 }, Math.max(1, Math.round(0.018 * scale)), 3)
  return { ...shape, left: soft(shape.left), right: soft(shape.right) }
}

/** Share of the normal that looks sideways (towards the person's left) and up (negative) or down. */
const turnTorso = (shape: TorsoShape, side: number, row: number, away: number): { turn: number; up: number } => {
  const { scale, length } = shape
  const line = side > 0 ? shape.left : shape.right
  const half = line[Math.min(line.length - 1, Math.max(0, Math.round(row - shape.top)))]!
  const sign = Math.sign(side)
  const shoulderTop = shape.shoulderRow[side > 0 ? 0 : 1]
  const neck = 1 - smoothstep(shoulderTop - 0.085 * scale, shoulderTop - 0.02 * scale, row)
  // Above the armpit the surface goes on into the arm instead of turning away at the trunk's edge.
  const shoulder = 1 - smoothstep(0.2, 0.38, row / length)
  const neckTurn = sign * Math.min(1, Math.abs(side) / Math.max(1, half)) * 0.95
  const sideTurn = sign * Math.min(1, Math.abs(side) / Math.max(half, shape.chest)) ** 1.8 * 0.85
  const joint = Math.abs(shape.joints[side > 0 ? 0 : 1])
  const armTurn = sign * Math.min(1, Math.max(0, Math.abs(side) - joint) / (0.05 * scale))
  const trunkTurn = shoulder * armTurn + (1 - shoulder) * sideTurn
  // The top of the shoulder looks up, the chest a little, the belly ahead.
  const top = (1 - smoothstep(0, 0.06 * scale, away)) * (1 - smoothstep(0, 0.2, row / length))
  const up = (1 - neck) * (-0.7 * top - 0.12 * (1 - smoothstep(0, 0.3, row / length)))
  return { turn: neck * neckTurn + (1 - neck) * trunkTurn, up }
}

const clampFloor = (value: number, most: number): number => Math.min(most, Math.max(0, Math.floor(value)))

const torsoBox = (shape: TorsoShape, width: number, height: number): Box => {
  const reach = Math.max(...shape.left, ...shape.right) + 3
  const ends = [shape.top, shape.top + shape.left.length].flatMap((row) =>
    [-reach, reach].map((side) => ({
      x: shape.origin.x + shape.down.x * row + shape.across.x * side,
      y: shape.origin.y + shape.down.y * row + shape.across.y * side,
    })),
  )
  return {
    x0: clampFloor(Math.min(...ends.map((end) => end.x)), width),
    y0: clampFloor(Math.min(...ends.map((end) => end.y)), height),
    x1: clampFloor(Math.max(...ends.map((end) => end.x)) + 1, width),
    y1: clampFloor(Math.max(...ends.map((end) => end.y)) + 1, height),
  }
}

/** Draws the trunk; `along` is the share of the way from shoulders (0) to hip joints (1). */
export const drawTorso = (shape: TorsoShape, width: number, height: number): BodyLayer => {
  const layer = createLayer(torsoBox(shape, width, height))
  const { box } = layer
  const boxWidth = box.x1 - box.x0
  const { origin, down, across, top, length } = shape
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++) {
      const px = x + 0.5 - origin.x
      const py = y + 0.5 - origin.y
      const row = px * down.x + py * down.y
      const side = px * across.x + py * across.y
      const k = Math.round(row - top)
      if (k < 1 || k >= shape.left.length - 1) continue
      const line = side > 0 ? shape.left : shape.right
      // The outline is nearly flat on the shoulder: measure the distance to it square to the outline, not along the row.
      const slope = (line[k + 1]! - line[k - 1]!) / 2
      const away = (line[k]! - Math.abs(side)) / Math.sqrt(1 + slope * slope)
      // The trunk ends at the crotch, the thighs are the legs'.
      const cover = Math.min(1, Math.max(0, Math.min(away, length + 0.07 * shape.scale - row) + 0.5))
      if (cover === 0) continue
      const i = (y - box.y0) * boxWidth + x - box.x0
      const ratio = Math.min(1, Math.abs(side) / Math.max(1, line[k]!)) * Math.sign(side)
      layer.cover[i] = cover
      layer.across[i] = ratio
      layer.along[i] = row / length
      const { turn, up } = turnTorso(shape, side, row, away)
      layer.nx[i] = across.x * turn + down.x * up
      layer.ny[i] = across.y * turn + down.y * up
    }
  }
  return layer
}
