import type { Point, Raster } from './image.ts'

export const GARMENT_CATEGORIES = ['top', 'bottom', 'dress'] as const
export type GarmentCategory = (typeof GARMENT_CATEGORIES)[number]

/** The cut within a category: it decides which landmarks exist and how the garment is draped. */
export const GARMENT_CUTS = ['sleeveless', 'short-sleeve', 'long-sleeve', 'trousers', 'shorts', 'skirt'] as const
export type GarmentCut = (typeof GARMENT_CUTS)[number]

/**
 * Landmark names. Left and right are sides of the *picture*. For tops and dresses: collar (high point of the
 * shoulder, where collar meets shoulder seam), collarCentre (lowest point of the front neckline), shoulder (where
 * the sleeve is set in at the top), armpit, elbowOuter/elbowInner (half way along a long sleeve), cuffOuter/cuffInner
 * (upper and lower end of the sleeve's opening; on a sleeveless garment they equal shoulder and armpit), waist, hem.
 * For trousers and shorts: waist, hip, crotch, kneeOuter/kneeInner, hemOuter/hemInner. For skirts: waist, hip, hem.
 */
export const LANDMARKS = {
  top: [
    'collarLeft',
    'collarRight',
    'collarCentre',
    'shoulderLeft',
    'shoulderRight',
    'armpitLeft',
    'armpitRight',
    'elbowOuterLeft',
    'elbowInnerLeft',
    'elbowOuterRight',
    'elbowInnerRight',
    'cuffOuterLeft',
    'cuffInnerLeft',
    'cuffOuterRight',
    'cuffInnerRight',
    'waistLeft',
    'waistRight',
    'hemLeft',
    'hemRight',
    'hemCentre',
  ],
  trousers: [
    'waistLeft',
    'waistRight',
    'waistCentre',
    'hipLeft',
    'hipRight',
    'crotch',
    'kneeOuterLeft',
    'kneeInnerLeft',
    'kneeOuterRight',
    'kneeInnerRight',
    'hemOuterLeft',
    'hemInnerLeft',
    'hemOuterRight',
    'hemInnerRight',
  ],
  skirt: ['waistLeft', 'waistRight', 'waistCentre', 'hipLeft', 'hipRight', 'hemLeft', 'hemRight', 'hemCentre'],
} as const

export type LandmarkName = (typeof LANDMARKS)[keyof typeof LANDMARKS][number]
export type GarmentLandmarks = Partial<Record<LandmarkName, Point>>

/** Which landmarks a garment has: dresses share the names of tops. */
export const landmarkNames = (category: GarmentCategory, cut: GarmentCut): readonly LandmarkName[] =>
  category === 'bottom' ? (cut === 'skirt' ? LANDMARKS.skirt : LANDMARKS.trousers) : LANDMARKS.top

/**
 * A garment ready to be worn: its cut-out (alpha is the garment's matte, colours are clean under the soft edge),
 * landmarks in the cut-out's own pixels, whether the front is open (a jacket over a shirt), and how sure we are (0 to 1).
 * `inside` marks what is seen through the collar (back of the neck lining, label): it lies behind the neck.
 */
export type PreparedGarment = {
  category: GarmentCategory
  cut: GarmentCut
  openFront: boolean
  cutout: Raster
  inside?: Uint8Array
  landmarks: GarmentLandmarks
  confidence: number
}
