import type { SizeMeasures, Zone } from '../../catalog/pure/size-chart.ts'
import type { GarmentCategory, GarmentCut, PreparedGarment } from './garment.ts'
import type { Point } from './image.ts'
import { clamp, distance, midpoint } from './vector.ts'

/** Finished garment measures in cm; girths are full circumferences. The size chart's own zones, all optional. */
export type Measures = SizeMeasures
export type MeasureName = Zone

/** What is known of the person's body, in cm; only the stature is always there. */
export type BodyInput = {
  heightCm: number
  weightKg?: number | undefined
  sex?: 'female' | 'male' | undefined
  age?: number | undefined
  chestCm?: number | undefined
  waistCm?: number | undefined
  hipCm?: number | undefined
  shoulderCm?: number | undefined
  inseamCm?: number | undefined
}

/** Stature taken where none is given: between the means of women and men in ANSUR II (162.8 and 175.6 cm). */
export const DEFAULT_HEIGHT_CM = 170

/**
 * Girth over visible width of a clothed body seen from the front, where it is widest at that zone. A torso is about an
 * ellipse half to three quarters as deep as wide; read off four rendered people whose tape measures are known.
 */
export const GIRTH_PER_WIDTH = { chest: 2.9, waist: 2.6, hip: 2.52 } as const

/** A middle size where a garment comes without a chart: typical finished measures (cm) of a regular fit. */
const TYPICAL: Record<GarmentCut, Measures> = {
  sleeveless: { chest: 96, length: 64, shoulder: 36, sleeve: 0 },
  'short-sleeve': { chest: 102, length: 68, shoulder: 44, sleeve: 21 },
  'long-sleeve': { chest: 106, length: 69, shoulder: 45, sleeve: 61 },
  trousers: { waist: 80, hip: 102, inseam: 78, outseam: 104, thigh: 60, hem: 38 },
  shorts: { waist: 82, hip: 104, inseam: 18, outseam: 44, thigh: 62, hem: 58 },
  skirt: { waist: 74, hip: 100, length: 58, hem: 110 },
}

/**
 * How far the picture's proportions may take a garment without a chart from the typical length: pictures on an invisible body
 * are narrower than the garment lies flat, which would make a tunic of every tee.
 */
const LEAST_DROP = 0.55
const MOST_DROP: Record<GarmentCategory, number> = { top: 1.08, bottom: 1.25, dress: 1.3 }

/** Flat chest over shoulder width of what has set-in or dropped sleeves, at least. */
const CHEST_PER_SHOULDER = 1.1

/** Centimetres per pixel of the cut-out, along and across the garment, and every measure filled in. */
export type GarmentScale = {
  measures: Required<Measures>
  cmPerPxDown: number
  cmPerPxAcross: number
  stated: MeasureName[]
}

/** What a chart's waist or inseam tells of hip and outseam where it does not state them, as in the typical garments above. */
const HIP_PER_WAIST = 1.22
const TYPICAL_RISE_CM = 26

const mean = (a: number, b: number) => (a + b) / 2

/** Flat widths and lengths in px of the cut-out; 0 where the cut has no such part. */
type Spans = {
  /** Across the chest, or the hips of a bottom. */
  across: number
  shoulder: number
  /** From collar or waistband to the hem. */
  down: number
  sleeve: number
  waist: number
  hem: number
  hip: number
  inseam: number
  thigh: number
}

/** What can be read off the flat picture, in its own pixels. */
function spans(garment: PreparedGarment): Spans {
  const at = (name: keyof typeof garment.landmarks): Point => garment.landmarks[name] ?? { x: 0, y: 0 }
  const hemMiddle = garment.landmarks.hemCentre ?? midpoint(at('hemLeft'), at('hemRight'))
  if (garment.category === 'bottom' && garment.cut !== 'skirt') {
    const top = midpoint(at('waistLeft'), at('waistRight'))
    const outseam = mean(
      distance(at('waistLeft'), at('kneeOuterLeft')) + distance(at('kneeOuterLeft'), at('hemOuterLeft')),
      distance(at('waistRight'), at('kneeOuterRight')) + distance(at('kneeOuterRight'), at('hemOuterRight')),
    )
    const inseam = mean(
      distance(at('crotch'), at('kneeInnerLeft')) + distance(at('kneeInnerLeft'), at('hemInnerLeft')),
      distance(at('crotch'), at('kneeInnerRight')) + distance(at('kneeInnerRight'), at('hemInnerRight')),
    )
    const hip = distance(at('hipLeft'), at('hipRight'))
    return {
      across: hip,
      shoulder: 0,
      down: Math.max(outseam, at('crotch').y - top.y + inseam),
      sleeve: 0,
      waist: distance(at('waistLeft'), at('waistRight')),
      hem: mean(distance(at('hemOuterLeft'), at('hemInnerLeft')), distance(at('hemOuterRight'), at('hemInnerRight'))),
      hip,
      inseam,
      thigh: hip * 0.56,
    }
  }
  const waist = distance(at('waistLeft'), at('waistRight'))
  const hem = distance(at('hemLeft'), at('hemRight'))
  if (garment.category === 'bottom') {
    const hip = distance(at('hipLeft'), at('hipRight'))
    const top = midpoint(at('waistLeft'), at('waistRight'))
    return { across: hip, shoulder: 0, down: distance(top, hemMiddle), sleeve: 0, waist, hem, hip, inseam: 0, thigh: 0 }
  }
  const collar = midpoint(at('collarLeft'), at('collarRight'))
  const sleeve = mean(
    distance(at('shoulderLeft'), at('cuffOuterLeft')),
    distance(at('shoulderRight'), at('cuffOuterRight')),
  )
  const shoulder = distance(at('shoulderLeft'), at('shoulderRight'))
  const chest = distance(at('armpitLeft'), at('armpitRight'))
  // Sleeves laid on the body hide its sides: the shoulders still tell how wide it is.
  const across = garment.cut === 'long-sleeve' ? Math.max(chest, CHEST_PER_SHOULDER * shoulder) : chest
  const hip = waist + (hem - waist) * 0.4
  return {
    across,
    shoulder,
    down: distance(collar, hemMiddle),
    sleeve,
    waist,
    hem,
    hip,
    inseam: 0,
    thigh: 0,
  }
}

/**
 * Fills in what the chart leaves out from the picture's own proportions: the stated girth gives centimetres a pixel
 * across, the stated length along. With no chart at all a typical girth for the cut sets the scale both ways.
 */
export function scaleGarment(garment: PreparedGarment, chart: Measures): GarmentScale {
  const seen = spans(garment)
  const { across, down } = readScale(garment, chart, seen)
  const girthOf = (px: number) => 2 * px * across
  return {
    measures: {
      chest: chart.chest ?? girthOf(seen.across),
      waist: chart.waist ?? girthOf(seen.waist),
      hip: chart.hip ?? girthOf(seen.hip),
      hem: chart.hem ?? girthOf(seen.hem),
      length: chart.length ?? seen.down * down,
      shoulder: chart.shoulder ?? seen.shoulder * across,
      sleeve: chart.sleeve ?? seen.sleeve * mean(down, across),
      inseam: chart.inseam ?? seen.inseam * down,
      outseam: chart.outseam ?? seen.down * down,
      thigh: chart.thigh ?? girthOf(seen.thigh),
    },
    cmPerPxDown: down,
    cmPerPxAcross: across,
    stated: Object.keys(chart) as MeasureName[],
  }
}

/** Centimetres per pixel across and down the picture, from what the chart states or else from a typical garment of the cut. */
function readScale(garment: PreparedGarment, chart: Measures, seen: Spans): { across: number; down: number } {
  const girth = leadingGirth(garment, chart)
  const drop = leadingDrop(garment, chart)
  const acrossPx = Math.max(1, seen.across)
  const downPx = Math.max(1, seen.down)
  if (drop.stated) {
    const down = drop.stated / downPx
    return { across: girth.stated ? girth.stated / 2 / acrossPx : down, down }
  }
  const across = (girth.stated || girth.typical) / 2 / acrossPx
  const likely = clamp(across * seen.down, drop.typical * LEAST_DROP, drop.typical * MOST_DROP[garment.category])
  return { across, down: likely / downPx }
}

/** A measure in cm as the chart has it or lets it be told, and as it typically is. */
type Leading = { stated: number | undefined; typical: number }

/** Dresses share their cuts with tops, but hang closer and further down. */
const typicalOf = ({ category, cut }: PreparedGarment): Measures =>
  category === 'dress' ? { ...TYPICAL[cut], length: 100, chest: 96 } : TYPICAL[cut]

/** The girth that `Spans.across` is half of: the hip of bottoms, the chest of everything else. */
function leadingGirth(garment: PreparedGarment, chart: Measures): Leading {
  const typical = typicalOf(garment)
  if (garment.category !== 'bottom') return { stated: chart.chest, typical: typical.chest ?? 100 }
  const stated = chart.hip ?? (chart.waist && chart.waist * HIP_PER_WAIST)
  return { stated, typical: typical.hip ?? 100 }
}

/** The length that `Spans.down` shows: the outseam of trousers and shorts, the length of everything else. */
function leadingDrop(garment: PreparedGarment, chart: Measures): Leading {
  const typical = typicalOf(garment)
  const isTube = garment.cut === 'trousers' || garment.cut === 'shorts'
  if (!isTube) return { stated: chart.length, typical: typical.length ?? 60 }
  const stated = chart.outseam ?? (chart.inseam && chart.inseam + TYPICAL_RISE_CM)
  return { stated, typical: typical.outseam ?? 60 }
}
