import { type BodyFrame, nameOf, type Side, shoulderTop, SIDES, signOf, toFrame, toImage } from './body-frame.ts'
import type { Drape, DrapeInput } from './drape.ts'
import { drapeTorso, type TorsoDrape } from './drape-torso.ts'
import { drapeTube, limbContour, type TubeDrape } from './drape-tube.ts'
import { requireLandmarks, tubeStations } from './garment-frame.ts'
import type { Point } from './image.ts'
import { readArm } from './limb-shape.ts'
import { distance, lerp, type Path, walk } from './vector.ts'

/** Cross-lines of a sleeve beyond the first. */
const STATIONS = 20

/** A long sleeve ends this far past the wrist's joint. */
const PAST_WRIST_CM = 1.5

/** Lays a top or a dress: the torso, and over it a sleeve on each arm where it has sleeves. */
export function drapeTop(input: DrapeInput): Drape {
  const torso = drapeTorso(input)
  const layers: Drape['layers'] = [{ name: 'torso', patch: torso.patch }]
  const placement: Drape['placement'] = {
    collarLeft: torso.collar.left,
    collarRight: torso.collar.right,
    collarCentre: torso.collarCentre,
    shoulderLeft: torso.shoulder.left,
    shoulderRight: torso.shoulder.right,
    armpitLeft: torso.armpit.left,
    armpitRight: torso.armpit.right,
    hemLeft: torso.hem.left,
    hemRight: torso.hem.right,
    hemCentre: torso.hemCentre,
  }
  for (const side of SIDES) {
    const sleeve = input.garment.cut === 'sleeveless' ? undefined : drapeSleeve(input, side, torso)
    if (sleeve) layers.push({ name: 'sleeve', patch: sleeve.patch })
    placement[`cuffOuter${nameOf(side)}`] = sleeve ? sleeve.end.outer : torso.shoulder[side]
    placement[`cuffInner${nameOf(side)}`] = sleeve ? sleeve.end.inner : torso.armpit[side]
  }
  return { layers, placement, drawnWidthCm: torso.chestWidthCm }
}

function drapeSleeve({ garment, size, frame, parts }: DrapeInput, side: Side, torso: TorsoDrape): TubeDrape {
  const limb = readArm(frame, parts, side)
  const { outer, inner } = sleeveEdges(garment.landmarks, side)
  const armhole = { outer: outer[0]!, inner: inner[0]! }
  const seam = (u: number) => torso.land(lerp(armhole.outer, armhole.inner, u))
  const contour = limbContour(overShoulder(frame, side, seam(0)), limb, 0.02 * limb.bone.total)
  // A sleeve whose length nobody stated is cut to the arm, not to what its picture makes of it.
  const longest = size.stated.includes('sleeve') ? Infinity : lengthToWrist(frame, side, contour) / frame.pixelsPerCm
  return drapeTube({
    stations: tubeStations(garment.cutout, outer, inner, STATIONS),
    limb,
    seam,
    contour,
    lengthCm: Math.min(size.measures.sleeve, longest + PAST_WRIST_CM),
    cmPerPxAcross: size.cmPerPxAcross,
    pixelsPerCm: frame.pixelsPerCm,
    clearance: 0.35 * frame.pixelsPerCm,
  })
}

/** How far along a sleeve's contour the wrist lies, px. */
function lengthToWrist(frame: BodyFrame, side: Side, contour: Path): number {
  const wrist = frame.arm[side].end
  let best = contour.total
  let least = Infinity
  for (let s = 0.5 * contour.total; s <= contour.total; s += contour.total / 100) {
    const away = distance(walk(contour, s).point, wrist)
    if (away >= least) continue
    least = away
    best = s
  }
  return best
}

const via = (from: Point, elbow: Point | undefined, to: Point): Point[] => (elbow ? [from, elbow, to] : [from, to])

/** The sleeve's two edges in the garment's picture from the armhole to the cuff, by way of the elbow where it has one. */
function sleeveEdges(landmarks: DrapeInput['garment']['landmarks'], side: Side): { outer: Point[]; inner: Point[] } {
  const name = nameOf(side)
  const names = [`shoulder${name}`, `armpit${name}`, `cuffOuter${name}`, `cuffInner${name}`] as const
  const at = requireLandmarks(landmarks, names)
  return {
    outer: via(at[names[0]], landmarks[`elbowOuter${name}`], at[names[2]]),
    inner: via(at[names[1]], landmarks[`elbowInner${name}`], at[names[3]]),
  }
}

/** From where the sleeve is set in over the rest of the shoulder; nothing of it is left under a dropped shoulder. */
function overShoulder(frame: BodyFrame, side: Side, seam: Point): Point[] {
  const cm = frame.pixelsPerCm
  const points = [seam]
  const from = Math.abs(toFrame(frame, seam).a)
  const tip = distance(frame.shoulder.left, frame.shoulder.right) / 2 + 3.6 * cm
  for (let a = from + cm; a < tip; a += cm) points.push(toImage(frame, signOf(side) * a, shoulderTop(frame, side, a)))
  return points
}
