import { type GarmentHint, type GarmentOutcome, prepareGarmentPicture } from './pure/garment-prepare.ts'
import { parseGarmentNet } from './pure/garment-net.ts'
import type { Raster } from './pure/image.ts'

const weightsFile = new URL('./weights/garment-landmarks.bin', import.meta.url)

/** A garment picture made ready to be worn: cut-out, category, cut and landmarks; or why it cannot be. */
export const prepareGarment = async (picture: Raster, hint: GarmentHint = {}): Promise<GarmentOutcome> =>
  prepareGarmentPicture(parseGarmentNet(await Bun.file(weightsFile).bytes()), picture, hint)
