import type { PersonFrame } from './parts-frame.ts'
import { PART } from './parts.ts'
import { CLASS, type Places } from './parts-prior.ts'

/** Which part a pixel of bare skin belongs to, by its place alone. */
const skinPart = (places: Places, i: number): number => {
  const depth = places.depth[i]!
  const aside = Math.abs(places.aside[i]!)
  const rise = places.rise[i]!
  const across = Math.abs(places.headAcross[i]!)
  if (places.oval[i]! < 1.06 || (rise > -1.1 && across < 1.9 && rise < 3)) return PART.face
  const arm = places.arm[i]!
  const hand = places.hand[i]!
  const armPart = places.armSide[i] === 0 ? PART.leftArm : PART.rightArm
  if (places.handAlong[i]! > 0 && hand < 1.7 && hand < arm + 0.9) {
    return places.handSide[i] === 0 ? PART.leftHand : PART.rightHand
  }
  const onTrunk = aside < 0.72 && depth < 1.05
  if (arm < 1.3 && places.armAlong[i]! > -0.04 && !(onTrunk && places.armAlong[i]! < 0.42)) return armPart
  if (depth > 1.05 && places.leg[i]! < 1.8) return places.legSide[i] === 0 ? PART.leftLeg : PART.rightLeg
  if (depth < 0.03 && aside < 0.62) return PART.neck
  if (depth < 0.1 && aside < 0.4) return PART.neck
  if (arm < 1.6 && aside > 0.9) return armPart
  return depth > 1.1 ? (places.legSide[i] === 0 ? PART.leftLeg : PART.rightLeg) : PART.torso
}

/** Parts at work size from classes: hair, cloth and feet as they are, skin divided by place. */
export const divideSkin = (_frame: PersonFrame, places: Places, classes: Uint8Array): Uint8Array => {
  const parts = new Uint8Array(classes.length)
  for (let i = 0; i < classes.length; i++) {
    switch (classes[i]) {
      case CLASS.hair:
        parts[i] = PART.hair
        break
      case CLASS.skin:
        parts[i] = skinPart(places, i)
        break
      case CLASS.upper:
        parts[i] = PART.upper
        break
      case CLASS.lower:
        parts[i] = PART.lower
        break
      case CLASS.feet:
        parts[i] = PART.feet
        break
      default:
        parts[i] = PART.background
    }
  }
  return parts
}
