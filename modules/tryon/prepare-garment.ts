import type { GarmentCategory, GarmentLandmarks, PreparedGarment } from './pure/garment.ts'
import type { Raster } from './pure/image.ts'

// Engineer E: replace this file. It only lets the wiring load until yours is there.
export async function prepareGarment(
  _picture: Raster,
  _hint: { category?: GarmentCategory; landmarks?: GarmentLandmarks } = {},
): Promise<{ ok: true; garment: PreparedGarment } | { ok: false; reason: 'garment_not_found'; detail: string }> {
  return { ok: false, reason: 'garment_not_found', detail: 'not there yet' }
}
