import { fillBackground } from './fill.ts'
import { createMask, type Mask, type Raster } from './image.ts'
import { distanceTo, findBox, smoothstep, type Box } from './inpaint-field.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { findSkinTone } from './skin-tone.ts'
import { paintBody, type PaintedSkin } from './skin.ts'
import { findBareBody, SURFACE_PARTS } from './undress-body.ts'
import { extendLower, type LowerPiece } from './undress-lower.ts'

export type UndressInput = {
  picture: Raster
  pose: Pose
  parts: PersonParts
  /** Which of the old garments come off. */
  remove: { upper: boolean; lower: boolean }
  /** Where the old garment is not covered by the new one, with a margin of a few pixels all round; soft values are blended. */
  exposed: Mask
}

const KEPT = new Uint8Array(16)
for (const label of [PART.hair, PART.face, PART.leftHand, PART.rightHand, PART.feet]) KEPT[label] = 1

/** How much of each pixel is to be replaced (0 to 255): the removed cloth, its soft edge, and the first mixed pixels of what lies beside it. */
const findGone = (input: UndressInput): Mask => {
  const { parts, remove, exposed } = input
  const { width, height, labels, alpha } = parts
  const gone = createMask(width, height)
  const cloth = new Uint8Array(width * height)
  for (let i = 0; i < labels.length; i++) {
    if ((remove.upper && labels[i] === PART.upper) || (remove.lower && labels[i] === PART.lower)) cloth[i] = 1
  }
  const away = distanceTo(cloth, parts)
  const unit = Math.max(1, Math.max(width, height) / 1024)
  for (let i = 0; i < labels.length; i++) {
    if (exposed.data[i] === 0 || away[i]! > 14 * unit) continue
    let share = 1
    if (!cloth[i]) {
      const label = labels[i]!
      if (KEPT[label]) share = 0
      else if (label === PART.background)
        share = alpha.data[i]! > 6 ? 1 : 1 - smoothstep(3.5 * unit, 7 * unit, away[i]!)
      else share = 1 - smoothstep(3 * unit, 8 * unit, away[i]!)
    }
    gone.data[i] = Math.round(share * exposed.data[i]!)
  }
  return gone
}

/** Background that is surely neither the person nor tinted by the soft edge of what is worn. */
const findGround = (parts: PersonParts): Mask => {
  const { width, height, alpha, labels } = parts
  const person = new Uint8Array(width * height)
  for (let i = 0; i < person.length; i++) person[i] = alpha.data[i]! > 10 || labels[i] !== PART.background ? 1 : 0
  const away = distanceTo(person, parts)
  const margin = 4 * Math.max(1, Math.max(width, height) / 1024)
  const ground = createMask(width, height)
  for (let i = 0; i < person.length; i++) ground.data[i] = away[i]! > margin ? 255 : 0
  return ground
}

/** Cover of skin and lower garment together at each pixel of the box; in front of the lower garment lie the arms. */
const stack = (skin: PaintedSkin | undefined, lower: LowerPiece | undefined, i: number) => {
  const body = skin?.cover[i] ?? 0
  const part = SURFACE_PARTS[skin?.surface.part[i] ?? 255]
  const isArm = part === 'leftArm' || part === 'rightArm'
  const cloth = isArm ? 0 : (lower?.cover[i] ?? 0)
  return { body, cloth, shadow: isArm ? 0 : (lower?.shadow[i] ?? 0) }
}

const findHole = (gone: Mask, box: Box, skin: PaintedSkin | undefined, lower: LowerPiece | undefined): Mask => {
  const hole = createMask(gone.width, gone.height)
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, i++) {
      const at = y * gone.width + x
      if (gone.data[at] === 0) continue
      const { body, cloth } = stack(skin, lower, i)
      if (1 - (1 - body) * (1 - cloth) < 1) hole.data[at] = 255
    }
  }
  return hole
}

/**
 * The picture with the removed clothes gone from `exposed`: bare skin where the body is, the kept lower garment continued under a removed
 * top, background where cloth stood out beyond the body. Hair, face and hands are never touched, and pixels outside `exposed`
 * keep their bytes. A new raster.
 */
export const undress = (input: UndressInput): Raster => {
  const { picture, pose, parts, remove } = input
  const { width, height } = picture
  const gone = findGone(input)
  const margin = Math.round(0.04 * Math.max(width, height))
  if (!findBox(gone.data, gone, 0)) return { width, height, data: new Uint8ClampedArray(picture.data) }
  const body = findBareBody(pose, parts)
  // Under a kept lower garment the legs are not seen: painted skin must not peep out beside it.
  if (!remove.lower && parts.labels.includes(PART.lower)) {
    body.layers = body.layers.filter(({ part }) => part !== 'leftLeg' && part !== 'rightLeg')
  }
  const skin =
    body.layers.length > 0 ? paintBody(picture, parts, body, findSkinTone(picture, parts, body), gone) : undefined
  const box = skin?.box ?? findBox(gone.data, gone, margin)!
  const lower = remove.upper && !remove.lower && body.torso ? extendLower(picture, parts, body.torso, box) : undefined
  const out = fillBackground(picture, findHole(gone, box, skin, lower), findGround(parts))
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, i++) {
      const at = y * width + x
      const share = gone.data[at]! / 255
      if (share === 0) continue
      const layers = stack(skin, lower, i)
      for (let c = 0; c < 3; c++) {
        let value = out.data[at * 4 + c]!
        if (skin) value += layers.body * (skin.rgb[i * 3 + c]! * (1 - layers.shadow) - value)
        if (lower) value += layers.cloth * (lower.rgb[i * 3 + c]! - value)
        out.data[at * 4 + c] = picture.data[at * 4 + c]! + share * (value - picture.data[at * 4 + c]!)
      }
    }
  }
  return out
}
