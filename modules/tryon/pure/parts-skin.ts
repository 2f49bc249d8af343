import type { Raster } from './image.ts'
import type { PersonFrame } from './parts-frame.ts'
import { CLASS, CLASS_COUNT, type Places } from './parts-prior.ts'
import { PART } from './parts.ts'
import { smoothstep } from './vector.ts'

const onHead = (places: Places, i: number): boolean => {
  const rise = places.rise[i]!
  return places.oval[i]! < 1.06 || (rise > -1.1 && Math.abs(places.headAcross[i]!) < 1.9 && rise < 3)
}

const onHand = (places: Places, i: number): boolean =>
  places.handAlong[i]! > (places.depth[i]! > 0.3 ? -0.12 : 0) &&
  places.hand[i]! < 2 &&
  places.hand[i]! < places.arm[i]! + 0.9

const onArm = (places: Places, i: number): boolean => {
  const aside = Math.abs(places.aside[i]!)
  const along = places.armAlong[i]!
  const onTrunk = aside < 0.72 && places.depth[i]! < 1.05 && along < 0.42
  return (places.arm[i]! < 1.6 && along > -0.04 && !onTrunk) || (places.arm[i]! < 2 && aside > 0.9)
}

/** Which part a pixel of bare skin belongs to, by its place alone. */
const skinPart = (places: Places, i: number): number => {
  const depth = places.depth[i]!
  const aside = Math.abs(places.aside[i]!)
  if (onHead(places, i)) return PART.face
  if (onHand(places, i)) return places.handSide[i] === 0 ? PART.leftHand : PART.rightHand
  if (onArm(places, i)) return places.armSide[i] === 0 ? PART.leftArm : PART.rightArm
  if (places.legAlong[i]! > 1 || (places.foot[i]! < 1 && places.legAlong[i]! > 0.95)) return PART.feet
  const onThigh = places.leg[i]! < 1 && places.legAlong[i]! > 0.2
  if (depth > 1.05 || onThigh) return places.legSide[i] === 0 ? PART.leftLeg : PART.rightLeg
  return depth < 0.1 - 0.12 * smoothstep(0.3, 0.7, aside) ? PART.neck : PART.torso
}

/** Hair where it is not the face's own: a beard, brows and the rims of glasses are face. */
const PART_OF_CLASS = [PART.hair, PART.face, PART.upper, PART.lower, PART.feet, PART.background] as const

/** Lets every part grow by one pixel into what has none. */
const grow = (parts: Uint8Array, width: number): Uint8Array => {
  const grown = parts.slice()
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] !== 0) continue
    grown[i] = parts[i - 1] || parts[i + 1] || parts[i - width] || parts[i + width] || 0
  }
  return grown
}

/** Turns classes at the picture's size into `PART` values, in place: skin is divided by place. */
export const nameParts = (
  frame: PersonFrame,
  places: Places,
  classes: Uint8Array,
  picture: Raster,
  labels: Uint8Array,
): void => {
  const { width, height } = frame
  let skinParts: Uint8Array = new Uint8Array(classes.length)
  for (let i = 0; i < classes.length; i++) if (classes[i] === CLASS.skin) skinParts[i] = skinPart(places, i)
  for (let round = 0; round < 4; round++) skinParts = grow(skinParts, width)
  const columns = new Int32Array(picture.width)
  for (let x = 0; x < picture.width; x++) {
    const sx = Math.floor(((x + 0.5 - frame.left) * width) / frame.cropWidth)
    columns[x] = Math.min(width - 1, Math.max(0, sx))
  }
  for (let y = 0, i = 0; y < picture.height; y++) {
    const sy = Math.floor(((y + 0.5 - frame.top) * height) / frame.cropHeight)
    const row = Math.min(height - 1, Math.max(0, sy)) * width
    for (let x = 0; x < picture.width; x++, i++) {
      const label = labels[i]!
      if (label === CLASS_COUNT) labels[i] = PART.background
      else if (label !== CLASS.skin) labels[i] = PART_OF_CLASS[label]!
      else labels[i] = skinParts[row + columns[x]!]! || PART.torso
    }
  }
}
