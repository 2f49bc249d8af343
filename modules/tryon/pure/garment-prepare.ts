import { cutOutGarment } from './cutout.ts'
import type { GarmentCategory, GarmentLandmarks, PreparedGarment } from './garment.ts'
import { readCollar } from './garment-collar.ts'
import type { GarmentNet } from './garment-net.ts'
import { readGarment } from './garment-reading.ts'
import type { Raster } from './image.ts'

/** What a retailer or shopper says about the picture; landmarks (picture pixels) replace those that were found. */
export type GarmentHint = { category?: GarmentCategory; landmarks?: GarmentLandmarks }

export type GarmentOutcome =
  | { ok: true; garment: PreparedGarment }
  | { ok: false; reason: 'garment_not_found'; detail: string }

const LEAST_CONFIDENCE = 0.3

/** Whether the front hangs open: a gap runs up from the hem between the two front panels. */
const opensAtHem = (
  { width, height, data }: Raster,
  { hemLeft: a, hemRight: b, collarCentre: c }: GarmentLandmarks,
) => {
  if (!a || !b || !c || b.x - a.x < 8) return false
  const hem = (a.y + b.y) / 2
  let highest = hem
  for (let t = 0.35; t <= 0.65; t += 0.01) {
    const x = Math.min(width - 1, Math.max(0, Math.round(a.x + (b.x - a.x) * t)))
    let y = Math.min(height - 1, Math.round(hem + (hem - c.y) * 0.15))
    while (y > 0 && data[(y * width + x) * 4 + 3]! < 128) y--
    highest = Math.min(highest, y)
  }
  return hem - highest > (hem - c.y) * 0.15
}

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
  const { inside } = collar
  return {
    ok: true,
    garment: {
      category,
      cut,
      openFront: category === 'top' && opensAtHem(cutout, landmarks),
      cutout,
      landmarks,
      confidence,
      ...(inside ? { inside } : {}),
    },
  }
}
