/**
 * Writes silhouettes with known landmarks for `train-landmarks.py` to learn from: the first of the two steps that make
 * `modules/tryon/weights/garment-landmarks.bin` anew, to be taken when the outlines or the landmarks' names change.
 * `bun jobs/training/dump-outlines.ts FOLDER COUNT [FIRST SEED]` writes masks.u8 (COUNT x 96 x 96), labels.f32 (COUNT x
 * (1 + 2 per name): class, then x, y from 0 to 1, or -1 where the garment has no such point) and names.json.
 */
import { mkdir } from 'node:fs/promises'
import { GARMENT_CUTS, LANDMARKS, type LandmarkName } from '../../modules/tryon/pure/garment.ts'
import type { Mask, Point } from '../../modules/tryon/pure/image.ts'
import { type Outline, randomOutline, rasteriseOutline } from '../draw/outlines.ts'

const SIZE = 96
const names: LandmarkName[] = [...new Set(Object.values(LANDMARKS).flat())]
const classes = [
  'top sleeveless',
  'top short-sleeve',
  'top long-sleeve',
  'dress sleeveless',
  'dress short-sleeve',
  'dress long-sleeve',
  ...GARMENT_CUTS.slice(3).map((cut) => `bottom ${cut}`),
  'nothing',
]

type Ellipse = { x: number; y: number; rx: number; ry: number }

const addEllipse = (mask: Mask, { x: cx, y: cy, rx, ry }: Ellipse) => {
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      if (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1) mask.data[y * SIZE + x] = 255
    }
  }
}

const paste = (into: Mask, piece: Mask, place: { scale: number; x: number; y: number }) => {
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const u = Math.round((x - place.x) / place.scale)
      const v = Math.round((y - place.y) / place.scale)
      const inside = u >= 0 && v >= 0 && u < SIZE && v < SIZE
      if (inside && (piece.data[v * SIZE + u] ?? 0) > 127) into.data[y * SIZE + x] = 255
    }
  }
}

const findOutline = (seed: number, fits: (category: string, cut: string) => boolean) => {
  for (let s = seed; ; s += 7919) {
    const outline = randomOutline(s)
    if (fits(outline.category, outline.cut)) return outline
  }
}

const createNext = (seed: number) => {
  let state = Math.imul(seed + 1, 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** What is no garment lying flat: a person who wears two of them, or a few blobs. */
const drawNothing = (seed: number): Mask => {
  const next = createNext(seed)
  const mask: Mask = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE) }
  const middle = SIZE / 2
  if (next() < 0.6) {
    const top = findOutline(seed, (category) => category === 'top')
    const legs = findOutline(seed + 1, (_, cut) => cut === 'trousers')
    const scale = 0.42 + next() * 0.1
    const high = SIZE * 0.14
    const waist = high + SIZE * scale * (0.6 + next() * 0.2)
    paste(mask, rasteriseOutline(top, SIZE), { scale, x: middle * (1 - scale), y: high })
    paste(mask, rasteriseOutline(legs, SIZE), { scale: 0.6, x: middle * 0.4, y: waist })
    addEllipse(mask, { x: middle + next() * 3 - 1.5, y: 11 + next() * 2, rx: 4.5 + next() * 3, ry: 6 + next() * 3 })
    addEllipse(mask, { x: middle, y: 18, rx: 3, ry: 6 })
    return mask
  }
  const anywhere = () => SIZE * (0.15 + 0.7 * next())
  for (let k = Math.floor(next() * 5); k >= 0; k--) {
    addEllipse(mask, {
      x: anywhere(),
      y: anywhere(),
      rx: SIZE * (0.04 + 0.3 * next()),
      ry: SIZE * (0.04 + 0.3 * next()),
    })
  }
  return mask
}

const middleOf = (outline: Outline, of: LandmarkName[]): Point => {
  const known = of.flatMap((name) => outline.landmarks[name] ?? [])
  const n = Math.max(1, known.length)
  return { x: known.reduce((sum, p) => sum + p.x, 0) / n, y: known.reduce((sum, p) => sum + p.y, 0) / n }
}

const warpOutline = (outline: Outline, warp: (p: Point) => Point): Outline => ({
  ...outline,
  polygons: outline.polygons.map((polygon) => polygon.map(warp)),
  landmarks: Object.fromEntries(Object.entries(outline.landmarks).map(([name, p]) => [name, warp(p)])),
})

/** Hot pants are cut high at the outside: their hems run down to a crotch that is only a notch. */
const slantHems = (outline: Outline, slant: number): Outline => {
  const crotch = middleOf(outline, ['crotch'])
  const waist = middleOf(outline, ['waistLeft', 'waistRight'])
  const half = Math.abs((outline.landmarks.hemOuterRight?.x ?? 1) - (outline.landmarks.hemOuterLeft?.x ?? 0)) / 2
  return warpOutline(outline, (p) => {
    const low = Math.max(0, (p.y - waist.y) / Math.max(0.05, crotch.y - waist.y))
    return { x: p.x, y: p.y - Math.min(1, low) * slant * Math.min(1.1, Math.abs(p.x - crotch.x) / half) }
  })
}

/** Ruffles: shorter, wider copies of a skirt over itself. */
const addTiers = (outline: Outline, next: () => number): Outline => {
  const waist = middleOf(outline, ['waistLeft', 'waistRight'])
  const polygons = [...outline.polygons]
  for (let k = 1 + Math.floor(next() * 2); k > 0; k--) {
    const short = 0.3 + next() * 0.5
    const wide = 1.05 + next() * 0.3
    const tier = (outline.polygons[0] ?? []).map((p) => ({
      x: waist.x + (p.x - waist.x) * wide,
      y: waist.y + 0.02 + Math.max(0, p.y - waist.y) * short,
    }))
    polygons.push(tier)
  }
  return { ...outline, polygons }
}

/** Scales an outline so that it fills the unit square again. */
const refit = (outline: Outline): Outline => {
  const points = outline.polygons.flat()
  const xs = points.map((p) => p.x)
  const ys = points.map((p) => p.y)
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = 0.86 / Math.max(x1 - x0, y1 - y0)
  return warpOutline(outline, (p) => ({
    x: 0.5 + (p.x - (x0 + x1) / 2) * scale,
    y: 0.5 + (p.y - (y0 + y1) / 2) * scale,
  }))
}

const drawOutline = (seed: number): Outline => {
  const outline = randomOutline(seed)
  const next = createNext(seed)
  if (outline.cut === 'shorts' && next() < 0.6) return refit(slantHems(outline, next() * 0.22))
  if (outline.cut === 'skirt' && next() < 0.25) return refit(addTiers(outline, next))
  return outline
}

const folder = process.argv[2]
const count = Number(process.argv[3] ?? 20000)
const first = Number(process.argv[4] ?? 0)
if (!folder || !Number.isInteger(count)) throw new Error('usage: dump-outlines.ts FOLDER COUNT [FIRST SEED]')
const masks = new Uint8Array(count * SIZE * SIZE)
const labels = new Float32Array(count * (1 + 2 * names.length)).fill(-1)
for (let i = 0; i < count; i++) {
  const row = i * (1 + 2 * names.length)
  if (i % 12 === 0) {
    labels[row] = classes.length - 1
    masks.set(drawNothing(i + first).data, i * SIZE * SIZE)
    continue
  }
  const outline = drawOutline(i + first)
  labels[row] = classes.indexOf(`${outline.category} ${outline.cut}`)
  names.forEach((name, k) => {
    const p = outline.landmarks[name]
    if (p) labels.set([p.x, p.y], row + 1 + 2 * k)
  })
  masks.set(rasteriseOutline(outline, SIZE).data, i * SIZE * SIZE)
}
await mkdir(folder, { recursive: true })
await Bun.write(`${folder}/masks.u8`, masks)
await Bun.write(`${folder}/labels.f32`, labels)
await Bun.write(`${folder}/names.json`, JSON.stringify({ names, classes, size: SIZE, count }))
