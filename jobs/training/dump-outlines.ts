import { mkdir } from 'node:fs/promises'
import { GARMENT_CUTS, LANDMARKS, type LandmarkName } from '../../modules/tryon/pure/garment.ts'
import type { Mask } from '../../modules/tryon/pure/image.ts'
import { randomOutline, rasteriseOutline } from '../draw/outlines.ts'

/**
 * Writes silhouettes with known landmarks for `train-landmarks.py` to learn from.
 * `bun jobs/training/dump-outlines.ts FOLDER COUNT` writes masks.u8 (COUNT x 96 x 96), labels.f32 (COUNT x
 * (1 + 2 per name): class, then x, y from 0 to 1, or -1 where the garment has no such point) and names.json.
 */
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

const addEllipse = (mask: Mask, cx: number, cy: number, rx: number, ry: number) => {
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      if (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1) mask.data[y * SIZE + x] = 255
    }
  }
}

const paste = (into: Mask, piece: Mask, scale: number, dx: number, dy: number) => {
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const u = Math.round((x - dx) / scale)
      const v = Math.round((y - dy) / scale)
      if (u >= 0 && v >= 0 && u < SIZE && v < SIZE && piece.data[v * SIZE + u]! > 127) into.data[y * SIZE + x] = 255
    }
  }
}

const findOutline = (seed: number, fits: (category: string, cut: string) => boolean) => {
  for (let s = seed; ; s += 7919) {
    const outline = randomOutline(s)
    if (fits(outline.category, outline.cut)) return outline
  }
}

/** What is no garment lying flat: a person who wears two of them, or a few blobs. */
const drawNothing = (seed: number): Mask => {
  let state = seed * 2654435761
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const mask: Mask = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE) }
  const middle = SIZE / 2
  if (next() < 0.6) {
    const top = findOutline(seed, (category) => category === 'top')
    const legs = findOutline(seed + 1, (_, cut) => cut === 'trousers')
    const size = 0.42 + next() * 0.1
    const high = SIZE * 0.14
    paste(mask, rasteriseOutline(top, SIZE), size, middle * (1 - size), high)
    paste(mask, rasteriseOutline(legs, SIZE), 0.6, middle * 0.4, high + SIZE * size * (0.6 + next() * 0.2))
    addEllipse(mask, middle + next() * 3 - 1.5, 11 + next() * 2, 4.5 + next() * 3, 6 + next() * 3)
    addEllipse(mask, middle, 18, 3, 6)
    return mask
  }
  const anywhere = () => SIZE * (0.15 + 0.7 * next())
  for (let k = Math.floor(next() * 5); k >= 0; k--) {
    addEllipse(mask, anywhere(), anywhere(), SIZE * (0.04 + 0.3 * next()), SIZE * (0.04 + 0.3 * next()))
  }
  return mask
}

const folder = process.argv[2]
const count = Number(process.argv[3] ?? 20000)
if (!folder || !Number.isInteger(count)) throw new Error('usage: dump-outlines.ts FOLDER COUNT')
const masks = new Uint8Array(count * SIZE * SIZE)
const labels = new Float32Array(count * (1 + 2 * names.length)).fill(-1)
for (let i = 0; i < count; i++) {
  const row = i * (1 + 2 * names.length)
  if (i % 12 === 0) {
    labels[row] = classes.length - 1
    masks.set(drawNothing(i).data, i * SIZE * SIZE)
    continue
  }
  const outline = randomOutline(i)
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
