import { cutOutGarment } from './cutout.ts'
import type { GarmentCategory, GarmentLandmarks, PreparedGarment } from './garment.ts'
import { readCollar } from './garment-collar.ts'
import { readFrontOpening } from './garment-front.ts'
import type { GarmentNet } from './garment-net.ts'
import { readGarment } from './garment-reading.ts'
import { separateSleeves } from './garment-sleeves.ts'
import type { Raster } from './image.ts'

/** What a retailer or shopper says about the picture; landmarks (picture pixels) replace those that were found. */
export type GarmentHint = { category?: GarmentCategory; landmarks?: GarmentLandmarks }

export type GarmentOutcome =
  | { ok: true; garment: PreparedGarment }
  | { ok: false; reason: 'garment_not_found'; detail: string }

const LEAST_CONFIDENCE = 0.3

const join = (a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined =>
  a && b ? a.map((value, i) => Math.max(value, b[i]!)) : (a ?? b)

/** Cuts the garment out of its picture and reads category, cut and landmarks. */
export const prepareGarmentPicture = (net: GarmentNet, picture: Raster, hint: GarmentHint = {}): GarmentOutcome => {
  const found = cutOutGarment(picture)
  if (!found)
    return { ok: false, reason: 'garment_not_found', detail: 'nothing stands out from the ground of the picture' }
  const reading = readGarment(net, found.cutout, hint.category)
  const confidence = reading ? reading.confidence * Math.min(1, 0.4 + found.certainty) : 0
  if (!reading || confidence < LEAST_CONFIDENCE) {
    return { ok: false, reason: 'garment_not_found', detail: 'what stands out does not have the outline of a garment' }
  }
  const { category, cut } = reading
  const separated =
    category === 'top' && cut === 'long-sleeve' ? separateSleeves(found.cutout, reading.landmarks) : undefined
  const { cutout, landmarks: read } = separated ?? { cutout: found.cutout, landmarks: reading.landmarks }
  const collar = category === 'bottom' ? {} : readCollar(cutout, { ...read, ...hint.landmarks })
  const landmarks = {
    ...read,
    ...(collar.centre ? { collarCentre: collar.centre } : {}),
    ...hint.landmarks,
  }
  const front =
    category === 'top'
      ? readFrontOpening(found.cutout, { ...reading.landmarks, ...hint.landmarks }, collar.stands ?? false)
      : undefined
  const inside = join(collar.inside, front?.behind)
  return {
    ok: true,
    garment: {
      category,
      cut,
      openFront: front?.isOpen ?? false,
      cutout,
      landmarks,
      confidence,
      ...(inside ? { inside } : {}),
    },
  }
}
