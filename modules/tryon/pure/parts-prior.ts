import {
  armBones,
  footBone,
  handBone,
  handVisibility,
  inHead,
  inTorso,
  legBones,
  toBone,
  type Bone,
  type PersonFrame,
} from './parts-frame.ts'
import { clamp, smoothstep } from './vector.ts'

/** What the colours can tell apart. Parts of the skin are told apart afterwards, by place. */
export const CLASS = { hair: 0, skin: 1, upper: 2, lower: 3, feet: 4 } as const
export const CLASS_COUNT = 5

/**
 * Where each pixel of the person lies, per pixel of the work picture: in the head (`rise` in eye-to-mouth units above the
 * eyes, `oval` 1 on the face's outline, `skull` 1 about the bald head's), along the torso (`depth` 0 shoulders to 1 hips, `aside` in half rulers), and how
 * far from the bones in their own radii (a hand that the pose does not see, in a pocket or behind the back, lies farther). `armAlong` is 0 to 1 from shoulder to wrist, `legAlong` from hip to ankle.
 */
export type Places = {
  rise: Float32Array
  headAcross: Float32Array
  skull: Float32Array
  oval: Float32Array
  depth: Float32Array
  aside: Float32Array
  arm: Float32Array
  armSide: Uint8Array
  armAlong: Float32Array
  hand: Float32Array
  handSide: Uint8Array
  handAlong: Float32Array
  leg: Float32Array
  legSide: Uint8Array
  legAlong: Float32Array
  foot: Float32Array
}

const SIDES = ['left', 'right'] as const

/** The nearest bone of a chain: its reach, and the place along the whole chain. */
const nearest = (chain: Bone[], x: number, y: number): { reach: number; along: number } => {
  let reach = Infinity
  let along = 0
  for (let k = 0; k < chain.length; k++) {
    const found = toBone(chain[k]!, x, y)
    if (found.reach >= reach) continue
    reach = found.reach
    along = (k + clamp(found.along, k === 0 ? -1 : 0, k === chain.length - 1 ? 2 : 1)) / chain.length
  }
  return { reach, along }
}

export const findPlaces = (frame: PersonFrame, inside: Uint8Array): Places => {
  const { width, height } = frame
  const count = width * height
  const floats = () => new Float32Array(count)
  const places: Places = {
    rise: floats(),
    headAcross: floats(),
    skull: floats(),
    oval: floats(),
    depth: floats(),
    aside: floats(),
    arm: floats().fill(99),
    armSide: new Uint8Array(count),
    armAlong: floats(),
    hand: floats().fill(99),
    handSide: new Uint8Array(count),
    handAlong: floats(),
    leg: floats().fill(99),
    legSide: new Uint8Array(count),
    legAlong: floats(),
    foot: floats().fill(99),
  }
  const { back } = frame.head
  const hidden = SIDES.map((side) => 1 - handVisibility(frame, side))
  const arms = SIDES.map((side) => armBones(frame, side))
  const hands = SIDES.map((side) => handBone(frame, side))
  const legs = SIDES.map((side) => legBones(frame, side))
  const feet = SIDES.map((side) => footBone(frame, side))
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      if (!inside[i]) continue
      const x = column + 0.5
      const y = row + 0.5
      const head = inHead(frame.head, x, y)
      places.rise[i] = head.rise
      places.headAcross[i] = head.across
      const skullAcross = (head.across - 0.9 * back) / (1 + 0.35 * Math.abs(back))
      places.skull[i] = Math.sqrt(skullAcross ** 2 + ((head.rise - 0.15) / 1.9) ** 2)
      places.oval[i] = Math.sqrt(head.across ** 2 + ((head.rise + 0.3) / 1.36) ** 2)
      const torso = inTorso(frame, x, y)
      places.depth[i] = torso.depth
      places.aside[i] = torso.across
      for (let side = 0; side < 2; side++) {
        const arm = nearest(arms[side]!, x, y)
        if (arm.reach < places.arm[i]!) {
          places.arm[i] = arm.reach
          places.armSide[i] = side
          places.armAlong[i] = arm.along
        }
        const hand = toBone(hands[side]!, x, y)
        const reach = hand.reach + hidden[side]!
        if (reach < places.hand[i]!) {
          places.hand[i] = reach
          places.handSide[i] = side
          places.handAlong[i] = hand.along
        }
        const leg = nearest(legs[side]!, x, y)
        if (leg.reach < places.leg[i]!) {
          places.leg[i] = leg.reach
          places.legSide[i] = side
          places.legAlong[i] = leg.along
        }
        places.foot[i] = Math.min(places.foot[i]!, toBone(feet[side]!, x, y).reach)
      }
    }
  }
  return places
}

const hairCost = (places: Places, i: number, midFace: boolean): number => {
  const rise = places.rise[i]!
  const across = Math.abs(places.headAcross[i]!)
  const skull = places.skull[i]!
  const cost = 2.4 * smoothstep(1.25, 2.1, skull) + 6 * smoothstep(2.3, 3.6, skull)
  if (midFace) return cost + 8
  if (rise < -0.55 && places.oval[i]! < 1.05) return cost + 2.5
  return rise < -1.2 && across < 0.55 ? cost + 2 : cost
}

const skinCost = (places: Places, i: number): number => {
  const depth = places.depth[i]!
  const aside = Math.abs(places.aside[i]!)
  const limb = (places.hand[i]! < 1.2 && places.handAlong[i]! > -0.1) || places.arm[i]! < 0.8
  const trunk = limb ? 0 : 1.6 * smoothstep(0.12, 0.4, depth) * (1 - smoothstep(0.5, 0.9, aside))
  return trunk + (places.rise[i]! > 1 ? 1 : 0) + (places.foot[i]! < 1 ? 2.5 : 0)
}

const upperCost = (places: Places, i: number, midFace: boolean): number => {
  const rise = places.rise[i]!
  const depth = places.depth[i]!
  const onHead = rise > -1.75 ? smoothstep(-2.1, -1.4, rise) * (1 - smoothstep(2, 2.8, places.skull[i]!)) : 0
  const hand = places.hand[i]! < 1 && places.handAlong[i]! > 0.25 ? 2.5 : 0
  const sleeve = places.arm[i]! < 1 && Math.abs(places.aside[i]!) > 0.75
  const below = 1.2 * smoothstep(0.85, 1, depth) + 3 * smoothstep(1, 1.35, depth) + 5 * smoothstep(1.3, 1.6, depth)
  return 8 * onHead + (midFace ? 6 : 0) + hand + (sleeve ? 0 : below)
}

const lowerCost = (places: Places, i: number): number => {
  const depth = places.depth[i]!
  const { arm, hand, leg, foot } = places
  return (
    8 * (1 - smoothstep(0.5, 0.75, depth)) +
    2 * (1 - smoothstep(0.7, 0.9, depth)) +
    (arm[i]! < 0.9 && arm[i]! < leg[i]! ? 2.5 : 0) +
    (hand[i]! < 1 && hand[i]! < leg[i]! ? 2 : 0) +
    (foot[i]! < 0.9 ? 1.2 : 0) +
    (places.legAlong[i]! > 1.02 ? 2 : 0)
  )
}

/**
 * What it costs, in nats, to call a pixel each class for its place alone. Soft everywhere but in the middle of the
 * face, far from the feet, and far from the head for hair.
 */
export const placeCosts = (places: Places, inside: Uint8Array): Float32Array[] => {
  const count = inside.length
  const costs = Array.from({ length: CLASS_COUNT }, () => new Float32Array(count))
  for (let i = 0; i < count; i++) {
    if (!inside[i]) continue
    const midFace = places.oval[i]! < 0.82 && places.rise[i]! < 0.25
    costs[CLASS.hair]![i] = hairCost(places, i, midFace)
    costs[CLASS.skin]![i] = skinCost(places, i)
    costs[CLASS.upper]![i] = upperCost(places, i, midFace)
    costs[CLASS.lower]![i] = lowerCost(places, i)
    costs[CLASS.feet]![i] =
      2.5 * smoothstep(0.9, 1.6, places.foot[i]!) + 9 * (1 - smoothstep(0.8, 0.88, places.legAlong[i]!))
  }
  return costs
}
