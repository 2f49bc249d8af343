import { describe, expect, test } from 'bun:test'
import { createRaster } from '../../tryon/pure/image.ts'
import { labOf } from './features.ts'
import { harmonyOf } from './harmony.ts'
import { familyOf, seasonOf } from './item.ts'
import { lookOf } from './look.ts'
import { packModel, unpackModel } from './model-pack.ts'
import { rankByTaste } from './profile-vector.ts'
import { slotOf } from './slots.ts'
import { createRows } from './sparse-model.ts'
import { readAnswers, writeAnswers } from './taste.ts'
import { decodeVectors, encodeVectors } from './vectors.ts'

type Paint = (x: number, y: number) => [number, number, number] | undefined

function cutout(width: number, height: number, paint: Paint) {
  const raster = createRaster(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = paint(x, y)
      if (colour) raster.data.set([...colour, 255], 4 * (y * width + x))
    }
  return raster
}

const apart = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0)

const red: Paint = () => [180, 40, 50]
const stripe = (at: number): [number, number, number] => (Math.floor(at / 6) % 2 ? [180, 40, 50] : [240, 240, 240])
const paletteOf = (hex: string) => Float32Array.from(labOf(hex))

describe('the look of a garment', () => {
  const plain = lookOf(cutout(90, 120, red))!

  test('does not depend on the size of its picture or on what is around it', () => {
    const large = lookOf(
      cutout(300, 320, (x, y) => (x >= 50 && x < 230 && y >= 40 && y < 280 ? [180, 40, 50] : undefined)),
    )!
    expect(apart(plain, large)).toBeLessThan(60)
  })

  test('tells colours, stripes and their direction, and shapes apart', () => {
    const blue = lookOf(cutout(90, 120, () => [40, 60, 170]))!
    const darker = lookOf(cutout(90, 120, () => [165, 36, 46]))!
    expect(apart(plain, darker)).toBeLessThan(apart(plain, blue) / 4)
    const across = lookOf(cutout(90, 120, (_, y) => stripe(y)))!
    const along = lookOf(cutout(90, 120, (x) => stripe(x)))!
    expect(apart(plain, across)).toBeGreaterThan(1000)
    expect(apart(across, along)).toBeGreaterThan(1000)
    const legs = lookOf(cutout(90, 120, (x, y) => (y > 40 && x > 40 && x < 50 ? undefined : [180, 40, 50])))!
    expect(apart(plain, legs)).toBeGreaterThan(1000)
  })

  test('is nothing where there is nothing', () => expect(lookOf(createRaster(20, 20))).toBeUndefined())
})

test('what is worn where is read from the nearest category that says it', () => {
  expect(slotOf(['women', 'women-dresses', 'women-dresses-shirt-dresses'])).toBe('dress')
  expect(slotOf(['men', 'men-shirts', 'men-shirts-short-sleeved-shirts'])).toBe('top')
  expect(slotOf(['men', 'men-knitwear', 'men-knitwear-vests'])).toBe('knitwear')
  expect(slotOf(['women', 'women-outerwear', 'women-outerwear-denim-jackets'])).toBe('outerwear')
  expect(slotOf(['women', 'women-trousers', 'women-trousers-linen'])).toBe('bottom')
  expect(slotOf(['home', 'home-candles'])).toBe('other')
})

test('colours have the families that people call them', () => {
  const named = { '#111111': 'black', '#f8f8f5': 'white', '#8a8d90': 'grey', '#1b2a41': 'blue', '#c9b48f': 'beige' }
  const others = { '#6b4426': 'brown', '#b3202a': 'red', '#2f6b45': 'green', '#f0b6c4': 'pink', '#6a3f86': 'purple' }
  for (const [hex, family] of Object.entries({ ...named, ...others }))
    expect([hex, familyOf(hex)]).toEqual([hex, family])
})

test('seasons turn around below the equator', () => {
  expect(seasonOf(new Date('2026-01-15'))).toBe('winter')
  expect(seasonOf(new Date('2026-04-15'))).toBe('spring')
  expect(seasonOf(new Date('2026-12-01'))).toBe('winter')
  expect(seasonOf(new Date('2026-01-15'), true)).toBe('summer')
})

test('black goes with red better than green does', () => {
  const [crimson, black, green, white] = [
    paletteOf('#c02030'),
    paletteOf('#101010'),
    paletteOf('#60b020'),
    paletteOf('#f5f5f5'),
  ]
  expect(harmonyOf(crimson, black)).toBeGreaterThan(harmonyOf(crimson, green))
  expect(harmonyOf(black, white)).toBeGreaterThan(harmonyOf(black, black))
  expect(harmonyOf(crimson, green)).toBe(harmonyOf(green, crimson))
})

test('answers come back as they were written, and malformed ones say nothing', () => {
  const answers = { department: ['women'], occasion: ['work', 'party'], pattern: [] }
  expect(readAnswers(writeAnswers(answers))).toEqual(answers)
  expect(readAnswers('')).toEqual({})
  expect(readAnswers('no sense;;a;B:c;:x;fit:close')).toEqual({ fit: ['close'] })
})

test('vectors and models come back from their files, and other files are refused', () => {
  const ids = ['0198c0de-0000-7000-8000-00000000abcd', 'ffffffff-ffff-4fff-bfff-ffffffffffff']
  const vectors = { dimensions: 4, ids, data: Int8Array.from([1, -127, 127, 0, 5, 6, 7, -8]) }
  const file = encodeVectors(vectors)
  expect(file.length).toBe(16 + 2 * (16 + 4))
  expect(decodeVectors(file)).toEqual({ ok: true, vectors })
  expect(decodeVectors(file.subarray(0, -1))).toEqual({ ok: false })
  expect(decodeVectors(new Uint8Array(40))).toEqual({ ok: false })

  const rows = createRows(2, 1)
  rows.push(Uint32Array.from([1]), 1, Float64Array.from([0, 0.5]))
  const model = rows.finish()
  const pack = packModel(ids, model)
  expect(unpackModel(pack)).toEqual({ ids, model })
  expect(unpackModel(pack.slice(0, -4))).toBeUndefined()
  expect(unpackModel(new Uint8Array(3))).toBeUndefined()
})

test('ten thousand products fit into a megabyte', () => {
  const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID())
  const bytes = encodeVectors({ dimensions: 64, ids, data: new Int8Array(640_000) })
  expect(bytes.length).toBeLessThanOrEqual(1_000_000)
})

test('a listing goes as far to the taste of its reader as it is asked to', () => {
  const likeness = [0.1, 0.9, undefined, 0.5]
  expect(rankByTaste(likeness, 0)).toEqual([0, 1, 2, 3])
  expect(rankByTaste(likeness, 1)).toEqual([1, 3, 2, 0])
  expect(rankByTaste([], 1)).toEqual([])
  expect(rankByTaste([undefined, undefined], 1)).toEqual([0, 1])
})
