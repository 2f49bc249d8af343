import { middleSize, type SizeChart } from '../../modules/catalog/pure/size-chart.ts'
import type {
  GarmentCategory,
  GarmentCut,
  GarmentLandmarks,
  PreparedGarment,
} from '../../modules/tryon/pure/garment.ts'
import type { Point, Raster } from '../../modules/tryon/pure/image.ts'
import { buildSkirt, shapeOfSkirt } from './build-skirt.ts'
import { buildTop } from './build-top.ts'
import { buildTrousers, shapeOfTrousers } from './build-trousers.ts'
import { createTiles } from './fabric.ts'
import { add, at, between, createRandom, type Random, seedOf } from './geometry.ts'
import { applyPattern } from './pattern.ts'
import { applyPrint } from './print.ts'
import { type Box, type Colourway, renderCloth, renderGround } from './render.ts'
import { createPlanes, createScene, PICTURE_HEIGHT, PICTURE_WIDTH, type Scene, slotIndex } from './scene.ts'
import { type Fabrics, type Shading, shadeScene } from './shading.ts'
import type { GarmentSpec } from './spec.ts'
import { shapeOfTop } from './top-measures.ts'

/** What the drawing needs to know of a product. */
export type Drawable = { handle: string; sizeChart: SizeChart; spec: GarmentSpec }

/** A drawn product before it has a colour: geometry, folds and light, shared by all its colours. */
export type Drawing = {
  category: GarmentCategory
  cut: GarmentCut
  openFront: boolean
  pxPerCm: number
  landmarks: GarmentLandmarks
  scene: Scene
  shading: Shading
  ground: Raster
  /** the part of the picture that the cut-out takes */
  box: Box
  /** what of the cut-out lies behind a body, 0 to 255 */
  inside: Uint8Array
}

/**
 * `picture` is opaque, 900 x 1200; `prepared.cutout` is cropped to the garment with its landmarks in its own pixels. All
 * colours of a drawing share one `prepared.inside`.
 */
export type ColourDrawing = { picture: Raster; prepared: PreparedGarment }

type Shaped = {
  category: GarmentCategory
  cut: GarmentCut
  openFront: boolean
  landmarks: GarmentLandmarks
  extent: Point[]
  build: (scene: Scene) => void
}

const shapeOf = ({ sizeChart, spec }: Drawable, random: Random): Shaped => {
  const size = middleSize(sizeChart)
  const measures = (size && sizeChart.sizes[size]) || {}
  if ('neck' in spec) {
    const shape = shapeOfTop(spec, measures, random)
    const rise =
      spec.neck === 'hood'
        ? 25
        : spec.neck === 'turtle'
          ? 9
          : ['rib', 'faced', 'bound', 'straps', 'collarless'].includes(spec.neck)
            ? 0
            : 4.5
    const extent = [
      ...shape.front,
      ...(shape.sleeves ? [...shape.sleeves.left.outline, ...shape.sleeves.right.outline] : []),
      at(0, -rise),
    ]
    const cut = spec.sleeve === 'none' ? 'sleeveless' : spec.sleeve === 'short' ? 'short-sleeve' : 'long-sleeve'
    return {
      category: spec.type,
      cut,
      openFront: spec.front === 'open',
      landmarks: shape.landmarks,
      extent,
      build: (scene) => buildTop(scene, spec, shape),
    }
  }
  if (spec.type === 'skirt') {
    const shape = shapeOfSkirt(spec, measures, random)
    return {
      category: 'bottom',
      cut: 'skirt',
      openFront: false,
      landmarks: shape.landmarks,
      extent: shape.outline,
      build: (scene) => buildSkirt(scene, spec, shape),
    }
  }
  const shape = shapeOfTrousers(spec, measures)
  const extent = [...shape.legs.left.outline, ...shape.legs.right.outline]
  return {
    category: 'bottom',
    cut: spec.type,
    openFront: false,
    landmarks: shape.landmarks,
    extent,
    build: (scene) => buildTrousers(scene, spec, shape),
  }
}

/** A hand laid it down: a trace of rotation, and edges that are never ruled. In cm. */
const handLaid = (random: Random, crease: number): ((p: Point) => Point) => {
  const angle = between(random, -0.008, 0.008)
  const waves = [
    [70, 0.4],
    [42, 0.28],
    [21, 0.13],
    [11, 0.075],
    [6, 0.045],
  ].map(([length, size]) => {
    const heading = between(random, 0, Math.PI * 2)
    const push = between(random, 0, Math.PI * 2)
    const k = (2 * Math.PI) / (length! * between(random, 0.8, 1.2))
    return {
      kx: Math.cos(heading) * k,
      ky: Math.sin(heading) * k,
      px: Math.cos(push) * size! * crease,
      py: Math.sin(push) * size! * crease,
      phase: random() * 6.3,
    }
  })
  return (p) => {
    let q = at(p.x + p.y * angle, p.y - p.x * angle)
    for (const w of waves) q = add(q, at(w.px, w.py), Math.sin(p.x * w.kx + p.y * w.ky + w.phase))
    return q
  }
}

const FILL = { width: 0.88, height: 0.86, mostPxPerCm: 17 }

const fabricsOf = (spec: GarmentSpec): Fabrics => {
  const second = spec.type === 'top' || spec.type === 'dress' ? spec.second : undefined
  const ribbed = spec.type !== 'skirt' && (spec.type === 'trousers' || spec.type === 'shorts') && 'ribCuff' in spec
  const lined = (spec.type === 'top' || spec.type === 'dress') && spec.inside
  return {
    main: spec.fabric,
    second: second ?? (ribbed ? 'hemRib' : spec.type === 'top' ? 'collarRib' : spec.fabric),
    inside: lined || spec.fabric,
    label: 'satin',
    button: 'hard',
    metal: 'hard',
    thread: 'poplin',
    trim: 'poplin',
    dark: 'poplin',
  }
}

/** A product laid out on its picture, before anything is drawn: where every point of its cut comes to lie. */
type Layout = Shaped & { seed: number; pxPerCm: number; place: (p: Point) => Point; marks: GarmentLandmarks }

/** Cuts a product in its middle size and lays it in the middle of the picture; `marks` are its landmarks in px. */
export const layOut = (product: Drawable): Layout => {
  const seed = seedOf(product.handle)
  const random = createRandom(seed)
  const shaped = shapeOf(product, random)
  const warp = handLaid(random, 0.65)
  const points = shaped.extent.map(warp)
  const [x0, x1] = [Math.min(...points.map((p) => p.x)), Math.max(...points.map((p) => p.x))]
  const [y0, y1] = [Math.min(...points.map((p) => p.y)), Math.max(...points.map((p) => p.y))]
  const pxPerCm = Math.min(
    FILL.mostPxPerCm,
    (FILL.width * PICTURE_WIDTH) / (x1 - x0),
    (FILL.height * PICTURE_HEIGHT) / (y1 - y0),
  )
  const left = PICTURE_WIDTH / 2 - ((x0 + x1) / 2) * pxPerCm
  const top = PICTURE_HEIGHT * 0.49 - ((y0 + y1) / 2) * pxPerCm
  const place = (p: Point): Point => {
    const q = warp(p)
    return at(left + q.x * pxPerCm, top + q.y * pxPerCm)
  }
  const marks = Object.fromEntries(Object.entries(shaped.landmarks).map(([name, p]) => [name, place(p)]))
  return Object.assign(shaped, { seed, pxPerCm, place, marks })
}

/** A worker's pen: keeps the weaves it has made, and its paper. Same product, same pixels, on every machine. */
export const createPen = () => {
  const tiles = createTiles()
  const planes = createPlanes()

  /** Cut, folds, print and light of a product, for all its colours. The drawing lasts until the pen draws the next. */
  const drawProduct = (product: Drawable): Drawing => {
    const { seed, pxPerCm, place, build, category, cut, openFront, marks } = layOut(product)
    const scene = createScene(planes, seed, pxPerCm, place)
    build(scene)
    const { spec } = product
    if (spec.pattern) applyPattern(scene, spec.pattern, [slotIndex('main')])
    if ('print' in spec && spec.print) applyPrint(scene, spec.print)
    const shading = shadeScene(scene, fabricsOf(spec), tiles)
    const ground = renderGround(scene)
    const box = boxOf(scene, 6)
    const inside = insideOf(scene, box)
    return { category, cut, openFront, pxPerCm, landmarks: marks, scene, shading, ground, box, inside }
  }
  return { drawProduct }
}

const boxOf = (scene: Scene, margin: number): Box => {
  const { width, height, alpha } = scene
  let [x0, y0, x1, y1] = [width, height, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (alpha[y * width + x]! < 0.01) continue
      if (x < x0) x0 = x
      if (x > x1) x1 = x
      if (y < y0) y0 = y
      if (y > y1) y1 = y
    }
  const left = Math.max(0, x0 - margin)
  const top = Math.max(0, y0 - margin)
  return { left, top, width: Math.min(width, x1 + margin + 1) - left, height: Math.min(height, y1 + margin + 1) - top }
}

const insideOf = (scene: Scene, box: Box): Uint8Array => {
  const inside = new Uint8Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const from = (y + box.top) * scene.width + box.left
    for (let x = 0; x < box.width; x++) inside[y * box.width + x] = Math.round(scene.inside[from + x]! * 255)
  }
  return inside
}

/** One colour of a drawn product. */
export const renderColour = (drawing: Drawing, colourway: Colourway): ColourDrawing => {
  const { landmarks, category, cut, openFront, box, inside } = drawing
  const { picture, cutout } = renderCloth(drawing, colourway)
  const own = Object.fromEntries(
    Object.entries(landmarks).map(([name, p]) => [name, at(p.x - box.left, p.y - box.top)]),
  )
  return { picture, prepared: { category, cut, openFront, cutout, inside, landmarks: own, confidence: 1 } }
}

const DETAIL = { width: 450, height: 600 }

/** A close-up of the cloth at 1:1 (450 x 600), where neck or waistband meets the body. */
export const drawDetail = (drawing: Drawing, picture: Raster): Raster => {
  const { landmarks } = drawing
  const focus = landmarks.collarCentre ?? landmarks.waistCentre ?? at(picture.width / 2, picture.height / 2)
  const left = Math.round(Math.min(picture.width - DETAIL.width, Math.max(0, focus.x - DETAIL.width * 0.42)))
  const top = Math.round(Math.min(picture.height - DETAIL.height, Math.max(0, focus.y - DETAIL.height * 0.3)))
  const data = new Uint8ClampedArray(DETAIL.width * DETAIL.height * 4)
  for (let y = 0; y < DETAIL.height; y++) {
    const from = ((y + top) * picture.width + left) * 4
    data.set(picture.data.subarray(from, from + DETAIL.width * 4), y * DETAIL.width * 4)
  }
  return { ...DETAIL, data }
}
