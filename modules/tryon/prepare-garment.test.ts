import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import sharp from 'sharp'
import { prepareGarment } from './prepare-garment.ts'
import type { GarmentLandmarks, LandmarkName } from './pure/garment.ts'
import { createRaster, type Point, type Raster } from './pure/image.ts'

type Shape = { outline: Point[]; landmarks: GarmentLandmarks }

const mirrorAt = (half: Point[]): Point[] => [...half, ...half.toReversed().map((p) => ({ x: 400 - p.x, y: p.y }))]

const bothSides = (right: Partial<Record<string, Point>>): GarmentLandmarks => {
  const all: GarmentLandmarks = {}
  for (const [stem, p] of Object.entries(right)) {
    all[`${stem}Right` as LandmarkName] = p!
    all[`${stem}Left` as LandmarkName] = { x: 400 - p!.x, y: p!.y }
  }
  return all
}

// Half outlines, picture right, on a 400 x 480 picture.
const teeHalf = [
  [214, 92],
  [232, 88],
  [246, 80],
  [292, 96],
  [356, 170],
  [318, 204],
  [286, 176],
  [284, 300],
  [290, 410],
].map(([x, y]) => ({ x: x!, y: y! }))
const tee: Shape = {
  outline: mirrorAt(teeHalf),
  landmarks: bothSides({
    collar: { x: 246, y: 80 },
    shoulder: { x: 292, y: 96 },
    cuffOuter: { x: 356, y: 170 },
    cuffInner: { x: 318, y: 204 },
    armpit: { x: 286, y: 176 },
    hem: { x: 290, y: 410 },
  }),
}
const trousersHalf = [
  [258, 40],
  [276, 120],
  [282, 260],
  [276, 440],
  [224, 440],
  [206, 180],
].map(([x, y]) => ({ x: x!, y: y! }))
const trousers: Shape = {
  outline: mirrorAt(trousersHalf),
  landmarks: {
    ...bothSides({ waist: { x: 258, y: 40 }, hemOuter: { x: 276, y: 440 }, hemInner: { x: 224, y: 440 } }),
    crotch: { x: 200, y: 180 },
  },
}

const contains = (outline: Point[], x: number, y: number): boolean => {
  let inside = false
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const a = outline[i]!
    const b = outline[j]!
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

type Paint = (x: number, y: number) => [number, number, number]

const createNoise = () => {
  let state = 12345
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
}

/** The shape on a ground, edges soft, with a shadow that falls to the lower right; and its exact coverage. */
const drawPicture = (shape: Shape, cloth: Paint, ground: Paint): { picture: Raster; truth: Float32Array } => {
  const picture = createRaster(400, 480)
  const truth = new Float32Array(400 * 480)
  const noise = createNoise()
  for (let y = 0; y < 480; y++) {
    for (let x = 0; x < 400; x++) {
      let covered = 0
      for (let k = 0; k < 9; k++) {
        if (contains(shape.outline, x + ((k % 3) + 0.5) / 3, y + (Math.floor(k / 3) + 0.5) / 3)) covered += 1 / 9
      }
      const shadow = contains(shape.outline, x - 5, y - 6) ? 0.72 : 1
      const c = cloth(x, y)
      const g = ground(x, y)
      const grain = noise() * 8
      const i = y * 400 + x
      for (let k = 0; k < 3; k++) {
        picture.data[i * 4 + k] = covered * c[k]! + (1 - covered) * g[k]! * shadow + grain
      }
      picture.data[i * 4 + 3] = 255
      truth[i] = covered
    }
  }
  return { picture, truth }
}

const agreement = (cutout: Raster, truth: Float32Array): number => {
  let both = 0
  let either = 0
  for (let i = 0; i < truth.length; i++) {
    const a = cutout.data[i * 4 + 3]! / 255
    both += Math.min(a, truth[i]!)
    either += Math.max(a, truth[i]!)
  }
  return both / either
}

const wood: Paint = (x, y) => {
  const plank = Math.floor(y / 60) % 2 ? 12 : 0
  const grain = 10 * Math.sin(y * 0.9 + 3 * Math.sin(x * 0.02))
  return y % 60 < 2 ? [50, 34, 22] : [126 + plank + grain, 88 + plank + grain, 58 + grain]
}
const redSheet: Paint = (x, y) => [150 + 30 * Math.sin(x * 0.03 + y * 0.02), 22, 30]
const white: Paint = () => [246, 246, 247]
const paleCloth: Paint = (x, y) => {
  const fold = 14 * Math.sin(x * 0.05 + y * 0.011)
  return [222 + fold, 222 + fold, 226 + fold]
}
const stripes: Paint = (_, y) => (y % 28 < 14 ? [40, 64, 120] : [232, 232, 226])
const printed: Paint = (x, y) => ((x - 200) ** 2 + (y - 250) ** 2 < 40 ** 2 ? [150, 22, 30] : [236, 236, 232])

const farthest = (found: GarmentLandmarks, expected: GarmentLandmarks): number =>
  Math.max(
    ...Object.entries(expected).map(([name, p]) => {
      const q = found[name as LandmarkName]!
      return Math.hypot(q.x - p.x, q.y - p.y)
    }),
  )

test.each([
  ['pale cloth on wood', tee, paleCloth, wood],
  ['pale cloth on a red sheet', tee, paleCloth, redSheet],
  ['trousers on wood', trousers, paleCloth, wood],
  ['trousers on a red sheet', trousers, stripes, redSheet],
])('%s is cut out along its edge, without its shadow', async (_, shape, cloth, ground) => {
  const { picture, truth } = drawPicture(shape, cloth, ground)
  const prepared = await prepareGarment(picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  expect(agreement(prepared.garment.cutout, truth)).toBeGreaterThan(0.97)
})

test('white stripes on a white ground are told from it, but for a hard shadow between the two', async () => {
  const { picture, truth } = drawPicture(tee, stripes, white)
  const prepared = await prepareGarment(picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  expect(agreement(prepared.garment.cutout, truth)).toBeGreaterThan(0.94)
})

test('a print of the colour of the ground stays part of the garment', async () => {
  const { picture, truth } = drawPicture(tee, printed, redSheet)
  const prepared = await prepareGarment(picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  expect(agreement(prepared.garment.cutout, truth)).toBeGreaterThan(0.97)
})

test('no colour of the ground is left under the soft edge', async () => {
  const { picture } = drawPicture(
    tee,
    () => [230, 230, 230],
    () => [170, 20, 30],
  )
  const prepared = await prepareGarment(picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  const { data } = prepared.garment.cutout
  let seen = 0
  let red = 0
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3]! < 32) continue
    seen++
    if (data[i]! - data[i + 1]! > 40) red++
  }
  expect(red / seen).toBeLessThan(0.003)
})

test('a short-sleeved top is known by its outline and its landmarks lie on it', async () => {
  const prepared = await prepareGarment(drawPicture(tee, paleCloth, redSheet).picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  const { category, cut, landmarks, confidence } = prepared.garment
  expect([category, cut]).toEqual(['top', 'short-sleeve'])
  expect(farthest(landmarks, tee.landmarks)).toBeLessThan(400 * 0.06)
  expect(confidence).toBeGreaterThan(0.6)
})

test('trousers are known by their outline and their landmarks lie on it', async () => {
  const prepared = await prepareGarment(drawPicture(trousers, paleCloth, wood).picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  expect([prepared.garment.category, prepared.garment.cut]).toEqual(['bottom', 'trousers'])
  expect(farthest(prepared.garment.landmarks, trousers.landmarks)).toBeLessThan(400 * 0.06)
})

test('a picture that lies on its side gives the same cut, with landmarks where the garment has them', async () => {
  const { picture } = drawPicture(trousers, paleCloth, wood)
  const side = createRaster(480, 400)
  for (let y = 0; y < 480; y++) {
    for (let x = 0; x < 400; x++) {
      const from = (y * 400 + x) * 4
      side.data.set(picture.data.subarray(from, from + 4), (x * 480 + 479 - y) * 4)
    }
  }
  const prepared = await prepareGarment(side)
  if (!prepared.ok) throw new Error(prepared.detail)
  expect(prepared.garment.cut).toBe('trousers')
  const turned = Object.fromEntries(
    Object.entries(trousers.landmarks).map(([name, p]) => [name, { x: 480 - p.y, y: p.x }]),
  ) as GarmentLandmarks
  expect(farthest(prepared.garment.landmarks, turned)).toBeLessThan(400 * 0.08)
})

test('a picture with alpha keeps its matte and loses its drop shadow', async () => {
  const { picture, truth } = drawPicture(tee, paleCloth, white)
  for (let i = 0; i < truth.length; i++) {
    const x = i % 400
    const y = Math.floor(i / 400)
    const shadow = ((x - 200) / 120) ** 2 + ((y - 445) / 14) ** 2 < 1 ? 110 : 0
    picture.data[i * 4 + 3] = Math.max(truth[i]! * 255, shadow)
  }
  const prepared = await prepareGarment(picture)
  if (!prepared.ok) throw new Error(prepared.detail)
  expect(agreement(prepared.garment.cutout, truth)).toBeGreaterThan(0.99)
})

test('what a retailer says about the picture counts', async () => {
  const { picture } = drawPicture(tee, paleCloth, redSheet)
  const hem = { x: 123, y: 405 }
  const prepared = await prepareGarment(picture, { category: 'dress', landmarks: { hemLeft: hem } })
  if (!prepared.ok) throw new Error(prepared.detail)
  expect(prepared.garment.category).toBe('dress')
  expect(prepared.garment.landmarks.hemLeft).toEqual(hem)
})

test('an empty ground and a picture of nothing but noise hold no garment', async () => {
  const empty = createRaster(300, 300)
  empty.data.fill(240)
  expect(await prepareGarment(empty)).toMatchObject({ ok: false, reason: 'garment_not_found' })
  const noise = createNoise()
  const noisy = createRaster(300, 300)
  for (let i = 0; i < noisy.data.length; i++) noisy.data[i] = i % 4 === 3 ? 255 : 128 + noise() * 200
  expect(await prepareGarment(noisy)).toMatchObject({ ok: false, reason: 'garment_not_found' })
})

const photos = `${process.env.PHOTOS_DIR ?? `${import.meta.dir}/../../../shared/photos`}/garments`

test.skipIf(!existsSync(photos))(
  'real photos of garments are read with their category',
  async () => {
    const expected = [
      [/dress_0[0468]/, 'dress'],
      [/pants|shorts|skirt/, 'bottom'],
      [/shirt|sleeve|outwear|hoodie|tee/, 'top'],
    ] as const
    let right = 0
    let all = 0
    for (const file of (await readdir(photos)).toSorted().filter((_, i) => i % 4 === 0)) {
      const category = expected.find(([pattern]) => pattern.test(file))?.[1]
      if (!category) continue
      const { data, info } = await sharp(`${photos}/${file}`).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      const picture = { width: info.width, height: info.height, data: new Uint8ClampedArray(data) }
      const prepared = await prepareGarment(picture)
      all++
      if (prepared.ok && prepared.garment.category === category) right++
    }
    expect(right / all).toBeGreaterThan(0.9)
  },
  120_000,
)
