import type { Mask } from './image.ts'

/** What each pixel of a person's picture is. Left and right are the person's own. */
export const PART = {
  background: 0,
  hair: 1,
  face: 2,
  neck: 3,
  upper: 4,
  lower: 5,
  leftArm: 6,
  rightArm: 7,
  leftHand: 8,
  rightHand: 9,
  leftLeg: 10,
  rightLeg: 11,
  feet: 12,
  torso: 13,
} as const

export type PartName = keyof typeof PART

/**
 * `labels` holds a `PART` value per pixel at the size of the picture; an arm or leg is *bare skin* (a sleeve is
 * `upper`, a trouser leg is `lower`; a dress is `upper` down to the waist and `lower` under it). `neck` is the bare neck
 * down to the collar bones; `torso` is bare skin of the trunk under it: chest, back of a low neckline, shoulders, belly.
 * `alpha` is the refined person matte.
 */
export type PersonParts = { width: number; height: number; labels: Uint8Array; alpha: Mask }
