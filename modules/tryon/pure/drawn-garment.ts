import type { GarmentCategory, GarmentCut, GarmentLandmarks, LandmarkName, PreparedGarment } from './garment.ts'
import { createRaster, type Point, type Raster } from './image.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { drawFigure, type FigureLook } from './drawn-figure.ts'

type Colour = readonly [number, number, number]
type Places = Record<string, readonly [number, number]>

/** A garment lying flat: half of its landmarks and of its outline (the picture's right), cm from the middle of the collar or waistband. */
type Flat = { category: GarmentCategory; cut: GarmentCut; half: Places; middle: Places; outline: string[] }

export const GARMENT_PX_PER_CM = 5
export const GARMENT_COLOUR: Colour = [196, 40, 150]
const MARGIN_CM = 4

const TOP_OUTLINE = ['shoulder', 'cuffOuter', 'cuffInner', 'armpit', 'waist', 'hem']
const LEG_OUTLINE = ['waist', 'hip', 'kneeOuter', 'hemOuter', 'hemInner', 'kneeInner']

const body = (length: number, hem: number): Places => ({
  collar: [9, 0],
  shoulder: [22, 4],
  armpit: [26, 24],
  waist: [26, 42],
  hem: [hem, length],
})

const FLAT = {
  tee: {
    category: 'top',
    cut: 'short-sleeve',
    half: { ...body(70, 26), cuffOuter: [39.2, 16.9], cuffInner: [29.4, 30] },
    middle: { collarCentre: [0, 9], hemCentre: [0, 70] },
    outline: TOP_OUTLINE,
  },
  sweater: {
    category: 'top',
    cut: 'long-sleeve',
    half: {
      ...body(68, 26),
      elbowOuter: [37.2, 30.5],
      elbowInner: [34, 43],
      cuffOuter: [52.5, 57],
      cuffInner: [43, 62.5],
    },
    middle: { collarCentre: [0, 9], hemCentre: [0, 68] },
    outline: ['shoulder', 'elbowOuter', 'cuffOuter', 'cuffInner', 'elbowInner', 'armpit', 'waist', 'hem'],
  },
  dress: {
    category: 'dress',
    cut: 'sleeveless',
    half: {
      ...body(98, 34),
      shoulder: [17, 3],
      armpit: [23, 22],
      waist: [20, 40],
      cuffOuter: [17, 3],
      cuffInner: [23, 22],
    },
    middle: { collarCentre: [0, 12], hemCentre: [0, 98] },
    outline: ['shoulder', 'armpit', 'waist', 'hem'],
  },
  trousers: {
    category: 'bottom',
    cut: 'trousers',
    half: {
      waist: [20, 0],
      hip: [25.5, 18],
      kneeOuter: [24, 62],
      kneeInner: [3, 62],
      hemOuter: [23, 104],
      hemInner: [4, 104],
    },
    middle: { waistCentre: [0, 0], crotch: [0, 27] },
    outline: LEG_OUTLINE,
  },
  skirt: {
    category: 'bottom',
    cut: 'skirt',
    half: { waist: [18.5, 0], hip: [25, 20], hem: [30, 58] },
    middle: { waistCentre: [0, 0], hemCentre: [0, 58] },
    outline: ['waist', 'hip', 'hem'],
  },
} as const satisfies Record<string, Flat>

export type GarmentName = keyof typeof FLAT

const contains = (outline: readonly Point[], x: number, y: number): boolean => {
  let inside = false
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [a, b] = [outline[i]!, outline[j]!]
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/**
 * A plain garment whose landmarks are exact: `GARMENT_PX_PER_CM` pixels a centimetre, in its middle size as a chart would state it
 * (a tee: chest 104, length 70, shoulder 44, sleeve 21.5). `riseCm` of cloth stands above the collar, as a hood laid flat does.
 */
export function cutGarment(
  name: GarmentName,
  { colour = GARMENT_COLOUR, riseCm = 0 }: { colour?: Colour; riseCm?: number } = {},
): PreparedGarment {
  const { category, cut, half, middle, outline }: Flat = FLAT[name]
  const places = Object.values({ ...half, ...middle })
  const reach = Math.max(...places.map(([x]) => x)) + MARGIN_CM
  const drop = Math.max(...places.map(([, y]) => y)) + MARGIN_CM
  const above = MARGIN_CM + riseCm
  const at = ([x, y]: readonly [number, number], sign = 1): Point => ({
    x: (reach + sign * x) * GARMENT_PX_PER_CM,
    y: (above + y) * GARMENT_PX_PER_CM,
  })
  const landmarks: GarmentLandmarks = {}
  for (const [stem, place] of Object.entries(middle)) landmarks[stem as LandmarkName] = at(place)
  for (const [stem, place] of Object.entries(half)) {
    landmarks[`${stem}Right` as LandmarkName] = at(place)
    landmarks[`${stem}Left` as LandmarkName] = at(place, -1)
  }
  const right = outline.map((stem) => at(half[stem]!))
  const left = outline.map((stem) => at(half[stem]!, -1)).toReversed()
  const neck = half['collar'] ? neckline(half['collar'], middle['collarCentre']!, riseCm).map((p) => at(p)) : []
  const between = middle['crotch'] ? [at(middle['crotch'])] : []
  const edge = [...neck, ...right, ...between, ...left]
  const cutout = createRaster(Math.ceil(2 * reach * GARMENT_PX_PER_CM), Math.ceil((above + drop) * GARMENT_PX_PER_CM))
  for (let y = 0, i = 0; y < cutout.height; y++)
    for (let x = 0; x < cutout.width; x++, i++) {
      // Colour runs on under the edge, as in every prepared garment.
      const weave = 10 * Math.sin(x * 0.9) * Math.sin(y * 0.9)
      const alpha = contains(edge, x + 0.5, y + 0.5) ? 255 : 0
      cutout.data.set([colour[0] + weave, colour[1] + weave, colour[2] + weave, alpha], 4 * i)
    }
  return { category, cut, openFront: false, cutout, landmarks, confidence: 1 }
}

/** The upper edge from collar to collar: dipping to the front neckline, or up and over a hood. */
function neckline(
  collar: readonly [number, number],
  centre: readonly [number, number],
  riseCm: number,
): [number, number][] {
  const points: [number, number][] = []
  for (let k = -8; k <= 8; k++) {
    const t = k / 8
    points.push([collar[0] * t, riseCm > 0 ? -riseCm * Math.sqrt(1 - t * t) : centre[1] * (1 - t * t)])
  }
  return points
}

/** The garment as a shop would show it: on a plain light ground. */
export function photographGarment(garment: PreparedGarment, ground: Colour = [236, 236, 232]): Raster {
  const { width, height, data } = garment.cutout
  const picture = createRaster(width, height)
  for (let i = 0; i < width * height; i++) {
    const isCloth = data[4 * i + 3]! > 127
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = isCloth ? data[4 * i + c]! : ground[c]!
    picture.data[4 * i + 3] = 255
  }
  return picture
}

/** A drawn person, 480 x 640, 567 px tall, with the pose and the parts that were drawn: no network is asked. */
export function drawKnownPerson(look: Partial<FigureLook> = {}): {
  picture: Raster
  pose: Pose
  parts: PersonParts
} {
  const { picture, pose, truth } = drawFigure(look)
  const { width, height } = picture
  const alpha = { width, height, data: truth.map((label) => (label === PART.background ? 0 : 255)) }
  return { picture, pose, parts: { width, height, labels: truth, alpha } }
}
