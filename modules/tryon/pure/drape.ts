import type { BodyFrame } from './body-frame.ts'
import { drapeSkirt } from './drape-skirt.ts'
import { drapeTop } from './drape-top.ts'
import { drapeTrousers } from './drape-trousers.ts'
import type { LandmarkName, PreparedGarment } from './garment.ts'
import type { BodyInput, GarmentScale } from './garment-size.ts'
import type { Point } from './image.ts'
import type { PersonParts } from './parts.ts'
import type { Patch } from './patch.ts'

/** Cloth in the order it is drawn, and where the garment's landmarks come to lie in the person's picture. */
export type Drape = {
  /** Each maps garment px (`source`) to image px (`target`). */
  layers: { name: 'torso' | 'sleeve' | 'pelvis' | 'leg' | 'skirt'; patch: Patch }[]
  /** Image px. */
  placement: Partial<Record<LandmarkName, Point>>
  /** The visible width of the cloth at its leading girth (chest or hip), cm. */
  drawnWidthCm: number
}

export type DrapeInput = {
  garment: PreparedGarment
  size: GarmentScale
  frame: BodyFrame
  parts: PersonParts
  body: BodyInput
}

/** Lays the garment on the body at its own size. Throws where a landmark is missing that the cut cannot do without. */
export function drapeGarment(input: DrapeInput): Drape {
  if (input.garment.category !== 'bottom') return drapeTop(input)
  return input.garment.cut === 'skirt' ? drapeSkirt(input) : drapeTrousers(input)
}
