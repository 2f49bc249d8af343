import { cutOutGarment } from './cutout.ts'
import type { GarmentCategory, GarmentLandmarks, PreparedGarment } from './garment.ts'
import { readCollar } from './garment-collar.ts'
import { findOpenFront } from './garment-front.ts'
import type { GarmentNet } from './garment-net.ts'
import { readGarment } from './garment-reading.ts'
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
  const { cutout, certainty } = found
  const reading = readGarment(net, cutout, hint.category)
  const confidence = reading ? reading.confidence * Math.min(1, 0.4 + certainty) : 0
  if (!reading || confidence < LEAST_CONFIDENCE) {
    return { ok: false, reason: 'garment_not_found', detail: 'what stands out does not have the outline of a garment' }
  }
  const { category, cut } = reading
  const collar = category === 'bottom' ? {} : readCollar(cutout, { ...reading.landmarks, ...hint.landmarks })
  const landmarks = {
    ...reading.landmarks,
    ...(collar.centre ? { collarCentre: collar.centre } : {}),
    ...hint.landmarks,
  }
  const gap = category === 'top' ? findOpenFront(cutout, landmarks) : undefined
  const inside = join(collar.inside, gap)
  return {
    ok: true,
    garment: {
      category,
      cut,
      openFront: gap !== undefined,
      cutout,
      landmarks,
      confidence,
      ...(inside ? { inside } : {}),
    },
  }
}
