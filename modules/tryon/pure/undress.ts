import { fillBackground } from './fill.ts'
import { createMask, type Mask, type Raster } from './image.ts'
import { distanceTo, findBox, smoothstep, type Box } from './inpaint-field.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { readBody, type BodyReading } from './skin-tone.ts'
import { paintBody, type PaintedSkin } from './skin.ts'
import { SURFACE_PARTS } from './undress-body.ts'
import { extendLower, type LowerPiece } from './undress-lower.ts'

type UndressInput = {
  picture: Raster
  pose: Pose
  parts: PersonParts
  /** Which of the old garments come off. */
  remove: { upper: boolean; lower: boolean }
  /** Where the old garment is not covered by the new one, with a margin of a few pixels all round; soft values are blended. */
  exposed: Mask
  /** What `readBody` found, when it has been asked already. */
  reading?: BodyReading | undefined
}

const KEPT = new Uint8Array(16)
for (const label of [PART.hair, PART.face, PART.leftHand, PART.rightHand, PART.feet]) KEPT[label] = 1

/** How much of each pixel is to be replaced (0 to 255): the removed cloth, its soft edge, and the first mixed pixels of what lies beside it. */
const findGone = (input: UndressInput, box: Box): Mask => {
  const { parts, remove, exposed } = input
  const { width, height, labels, alpha } = parts
  const gone = createMask(width, height)
  const size = { width: box.x1 - box.x0, height: box.y1 - box.y0 }
  const cloth = cutBox(parts, box, (at) =>
    (remove.upper && labels[at] === PART.upper) || (remove.lower && labels[at] === PART.lower) ? 1 : 0,
  )
  const away = distanceTo(cloth, size)
  const unit = Math.max(1, Math.max(width, height) / 1024)
  for (let y = box.y0, k = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, k++) {
      const i = y * width + x
      if (exposed.data[i] === 0 || away[k]! > 14 * unit) continue
      let share = 1
      if (!cloth[k]) {
        const label = labels[i]!
        if (KEPT[label]) share = 0
        else if (label === PART.background)
          share = alpha.data[i]! > 6 ? 1 : 1 - smoothstep(3.5 * unit, 7 * unit, away[k]!)
        else share = 1 - smoothstep(3 * unit, 8 * unit, away[k]!)
      }
      gone.data[i] = Math.round(share * exposed.data[i]!)
    }
  }
  return gone
}

const cutBox = (size: { width: number }, box: Box, read: (at: number) => number): Uint8Array => {
  const out = new Uint8Array((box.x1 - box.x0) * (box.y1 - box.y0))
  for (let y = box.y0, k = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, k++) out[k] = read(y * size.width + x)
  }
  return out
}

/** Background that is surely neither the person nor tinted by the soft edge of what is worn. */
const findGround = (parts: PersonParts, box: Box): Mask => {
  const { width, height, alpha, labels } = parts
  const person = cutBox(parts, box, (at) => (alpha.data[at]! > 10 || labels[at] !== PART.background ? 1 : 0))
  const away = distanceTo(person, { width: box.x1 - box.x0, height: box.y1 - box.y0 })
  const margin = 4 * Math.max(1, Math.max(width, height) / 1024)
  const ground = createMask(width, height)
  for (let y = box.y0, k = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, k++) ground.data[y * width + x] = away[k]! > margin ? 255 : 0
  }
  return ground
}

/** Cover of skin and lower garment together at each pixel of the box; in front of the lower garment lie the arms. */
const stack = (skin: PaintedSkin | undefined, lower: LowerPiece | undefined, i: number, matte: number) => {
  // A bare body is never wider than the dressed one.
  const body = (skin?.cover[i] ?? 0) * smoothstep(60, 190, matte)
  const part = SURFACE_PARTS[skin?.surface.part[i] ?? 255]
  const isArm = part === 'leftArm' || part === 'rightArm'
  const cloth = isArm ? 0 : (lower?.cover[i] ?? 0)
  return { body, cloth, shadow: isArm ? 0 : (lower?.shadow[i] ?? 0) }
}

const findHole = (gone: Mask, box: Box, cover: (i: number, at: number) => ReturnType<typeof stack>): Mask => {
  const hole = createMask(gone.width, gone.height)
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, i++) {
      const at = y * gone.width + x
      if (gone.data[at] === 0) continue
      const { body, cloth } = cover(i, at)
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
  const { picture, parts, remove, exposed } = input
  const { width, height } = picture
  const long = Math.max(width, height)
  const wide = findBox(exposed.data, exposed, Math.round(0.13 * long))
  const gone = wide ? findGone(input, wide) : exposed
  const margin = Math.round(0.04 * long)
  if (!wide || !findBox(gone.data, gone, 0)) return { width, height, data: new Uint8ClampedArray(picture.data) }
  const { body: whole, tone } = input.reading ?? readBody(input)
  // Under a kept lower garment the legs are not seen: painted skin must not peep out beside it.
  const hidesLegs = !remove.lower && parts.labels.includes(PART.lower)
  const shown = whole.layers.filter(({ part }) => !hidesLegs || (part !== 'leftLeg' && part !== 'rightLeg'))
  const body = { ...whole, layers: shown }
  const skin = body.layers.length > 0 ? paintBody(picture, parts, body, tone, gone) : undefined
  const box = skin?.box ?? findBox(gone.data, gone, margin)!
  const lower = remove.upper && !remove.lower && body.torso ? extendLower(picture, parts, body.torso, box) : undefined
  const cover = (i: number, at: number) => stack(skin, lower, i, parts.alpha.data[at]!)
  const out = fillBackground(picture, findHole(gone, box, cover), findGround(parts, wide))
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, i++) {
      const at = y * width + x
      const share = gone.data[at]! / 255
      if (share === 0) continue
      const layers = cover(i, at)
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
