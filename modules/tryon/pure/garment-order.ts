import type { GarmentLandmarks } from './garment.ts'
import type { Point } from './image.ts'

/** Turn (radians) of a corner that may be the end of a hem or a cuff. */
const CORNER = 0.5
/** Width of a cuff, in shares of the mask's side. */
const NARROWEST_CUFF = 0.025
const WIDEST_CUFF = 0.2

const nearestIndex = (outline: readonly Point[], p: Point): number => {
  let best = 0
  let least = Infinity
  for (let i = 0; i < outline.length; i++) {
    const far = Math.hypot(outline[i]!.x - p.x, outline[i]!.y - p.y)
    if (far >= least) continue
    least = far
    best = i
  }
  return best
}

/** A walk along the closed outline: the points met on the way, and the corners among them that bulge most about themselves. */
const walkOutline = (outline: readonly Point[], turns: Float32Array, from: number, step: 1 | -1, count: number) => {
  const n = outline.length
  const at = (k: number) => (((from + step * k) % n) + n) % n
  const corners: { point: Point; turn: number; k: number }[] = []
  for (let k = 0; k <= count; k++) {
    const turn = turns[at(k)]!
    if (turn < CORNER) continue
    const last = corners[corners.length - 1]
    if (last && k - last.k < 8) {
      if (turn > last.turn) corners[corners.length - 1] = { point: outline[at(k)]!, turn, k }
    } else corners.push({ point: outline[at(k)]!, turn, k })
  }
  return corners
}

type Corner = ReturnType<typeof walkOutline>[number]

/** The two corners that end a sleeve: as sharp and as far from the armpit as can be, a cuff's width apart. */
const findCuff = (
  corners: readonly Corner[],
  armpit: Point,
  side: number,
): [inner: Corner, outer: Corner] | undefined => {
  let best: [Corner, Corner] | undefined
  let most = 0
  for (const [i, inner] of corners.entries()) {
    for (const outer of corners.slice(i + 1)) {
      const wide = Math.hypot(outer.point.x - inner.point.x, outer.point.y - inner.point.y) / side
      if (wide < NARROWEST_CUFF || wide > WIDEST_CUFF) continue
      const far = Math.hypot(inner.point.x - armpit.x, inner.point.y - armpit.y) / side
      const score = inner.turn + outer.turn + 6 * far
      if (score <= most) continue
      most = score
      best = [inner, outer]
    }
  }
  return best
}

/**
 * Going round the outline from an armpit one way leads to the cuff and on to the shoulder, the other way to the hem. Where
 * landmarks of a sleeve stand in another order (the hem's end was read on a cuff) they are found anew along those ways.
 * Pixels of a mask of `side`.
 */
export const orderAlongOutline = (
  outline: readonly Point[],
  turns: Float32Array,
  landmarks: GarmentLandmarks,
  side: number,
): GarmentLandmarks => {
  const out = { ...landmarks }
  const n = outline.length
  for (const [name, step] of [
    ['Left', 1],
    ['Right', -1],
  ] as const) {
    const armpit = landmarks[`armpit${name}`]
    const shoulder = landmarks[`shoulder${name}`]
    const { hemCentre } = landmarks
    const cuffInner = landmarks[`cuffInner${name}`]
    const cuffOuter = landmarks[`cuffOuter${name}`]
    const hem = landmarks[`hem${name}`]
    if (!armpit || !shoulder || !hemCentre || !cuffInner || !cuffOuter || !hem) continue
    const from = nearestIndex(outline, armpit)
    const along = (p: Point) => ((((nearestIndex(outline, p) - from) * step) % n) + n) % n
    const [toShoulder, toHemCentre] = [along(shoulder), n - along(hemCentre)]
    if (turns[from]! > -CORNER || toShoulder + toHemCentre > n) continue
    const inner = along(cuffInner)
    const outer = along(cuffOuter)
    if (inner < outer && outer < toShoulder && n - along(hem) < toHemCentre) continue
    const cuff = findCuff(walkOutline(outline, turns, from, step, toShoulder), armpit, side)
    const hemEnd = walkOutline(outline, turns, from, step === 1 ? -1 : 1, toHemCentre).toSorted(
      (a, b) => b.turn - a.turn,
    )[0]
    if (!cuff || !hemEnd) continue
    out[`cuffInner${name}`] = cuff[0].point
    out[`cuffOuter${name}`] = cuff[1].point
    out[`hem${name}`] = hemEnd.point
  }
  return out
}
