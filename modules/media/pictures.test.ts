import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { createRaster } from '../tryon/pure/image.ts'
import { createPictures } from './index.ts'

// AVIF and GIF take their time to write on a busy machine.
setDefaultTimeout(30_000)
const pictures = createPictures()

/** Deterministic noise over a gradient, so that no encoder can shrink it to nothing. */
function sample(width: number, height: number) {
  const raster = createRaster(width, height)
  let seed = 7
  for (let i = 0; i < raster.data.length; i += 4) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    raster.data.set([(i / 4) % width, seed >>> 24, (i / 4 / width) | 0, 255], i)
  }
  return raster
}

const raw = (width: number, height: number) => {
  const { data } = sample(width, height)
  return sharp(new Uint8Array(data.buffer), { raw: { width, height, channels: 4 } })
}

const frame = (background: string) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()

describe('reading pictures', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
    'a %s comes back as RGBA of its size',
    async (format) => {
      const read = await pictures.read(await raw(120, 90).toFormat(format).toBuffer())
      if (!read.ok) throw new Error(read.reason)
      expect([read.format, read.picture.width, read.picture.height]).toEqual([format, 120, 90])
      expect(read.picture.data.length).toBe(120 * 90 * 4)
      expect(read.picture.data[3]).toBe(255)
    },
  )

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %d is applied', async (orientation) => {
    const marked = createRaster(100, 60)
    marked.data.fill(255)
    for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) marked.data.set([255, 0, 0, 255], (y * 100 + x) * 4)
    const bytes = await sharp(new Uint8Array(marked.data.buffer), { raw: { width: 100, height: 60, channels: 4 } })
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer()
    const read = await pictures.read(bytes)
    if (!read.ok) throw new Error(read.reason)
    const { width, height, data } = read.picture
    expect([width, height]).toEqual(orientation < 5 ? [100, 60] : [60, 100])
    // Where the EXIF standard (tag 0x0112) puts the stored top left corner, for values 1 to 8.
    const [right, down] = [[], [0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [1, 0], [1, 1], [0, 1]][orientation] as [
      number,
      number,
    ]
    const at = ((down ? height - 9 : 8) * width + (right ? width - 9 : 8)) * 4
    expect(data[at + 1]).toBeLessThan(60)
    expect(data[at]).toBeGreaterThan(200)
  })

  test('grey, grey with alpha, 16-bit and CMYK all become RGBA', async () => {
    const grey = await raw(80, 80).greyscale().png().toBuffer()
    const sixteen = await raw(80, 80).toColourspace('rgb16').png().toBuffer()
    const sixteenGrey = await raw(80, 80).toColourspace('grey16').png().toBuffer()
    const cmyk = await raw(80, 80).flatten().toColourspace('cmyk').jpeg().toBuffer()
    expect((await sharp(sixteen).metadata()).depth).toBe('ushort')
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    for (const bytes of [grey, sixteen, sixteenGrey, cmyk]) {
      const read = await pictures.read(bytes)
      expect(read.ok && read.picture.data.length).toBe(80 * 80 * 4)
    }
    const [eight, deep] = [await pictures.read(await raw(80, 80).png().toBuffer()), await pictures.read(sixteen)]
    if (!eight.ok || !deep.ok) throw new Error('unreadable')
    const worst = eight.picture.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - deep.picture.data[i]!)),
      0,
    )
    expect(worst).toBeLessThanOrEqual(1)
  })

  test('a wide-gamut profile is converted to sRGB', async () => {
    const red = sharp({ create: { width: 64, height: 64, channels: 3, background: { r: 200, g: 60, b: 60 } } })
    const read = await pictures.read(await red.withIccProfile('p3').png().toBuffer())
    if (!read.ok) throw new Error(read.reason)
    expect(Math.abs(read.picture.data[0]! - 200)).toBeLessThanOrEqual(2)
    expect(Math.abs(read.picture.data[1]! - 60)).toBeLessThanOrEqual(2)
  })

  test('an animation gives its first frame', async () => {
    const frames = await Promise.all(['#ff0000', '#00ff00'].map(frame))
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    expect((await sharp(bytes).metadata()).pages).toBe(2)
    const read = await pictures.read(bytes)
    if (!read.ok) throw new Error(read.reason)
    expect([read.picture.width, read.picture.height, ...read.picture.data.slice(0, 2)]).toEqual([64, 64, 255, 0])
  })
})

describe('refusing pictures', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
    'a %s that ends early is unreadable',
    async (format) => {
      const bytes = await raw(120, 120).toFormat(format, { effort: 1 }).toBuffer()
      for (const share of [0.02, 0.3, 0.6, 0.9])
        expect(await pictures.read(bytes.subarray(0, Math.floor(bytes.length * share)))).toEqual({
          ok: false,
          reason: 'image_unreadable',
        })
    },
  )

  test('text, nothing, vectors and noise are unreadable', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="9" height="9"/></svg>'
    for (const bytes of [
      new Uint8Array(),
      new TextEncoder().encode('not a picture'),
      new TextEncoder().encode(svg),
      sample(64, 64).data,
    ])
      expect(await pictures.read(new Uint8Array(bytes))).toEqual({ ok: false, reason: 'image_unreadable' })
  })

  test('a picture under the smallest side is too small', async () => {
    expect(await pictures.read(await raw(300, 20).png().toBuffer())).toEqual({ ok: false, reason: 'image_too_small' })
  })

  test('a decompression bomb is refused by its header, before its pixels', async () => {
    // A PNG of 64 x 64 whose header says 50,000 x 50,000: decoding it would fail, and differently.
    const bomb = Buffer.from(await raw(64, 64).png().toBuffer())
    bomb.writeUInt32BE(50_000, 16)
    bomb.writeUInt32BE(50_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    expect(await pictures.read(bomb)).toEqual({ ok: false, reason: 'image_too_large' })
  })

  test('too many bytes and too many pixels are too large', async () => {
    const bytes = await raw(100, 100).png().toBuffer()
    expect(await pictures.read(bytes, { maxBytes: 100 })).toEqual({ ok: false, reason: 'image_too_large' })
    expect(await pictures.read(bytes, { maxPixels: 9_999 })).toEqual({ ok: false, reason: 'image_too_large' })
    expect((await pictures.read(bytes, { maxPixels: 10_000 })).ok).toBe(true)
  })
})

describe('writing pictures', () => {
  test('a PNG gives back every pixel, transparent ones too', async () => {
    const raster = sample(70, 50)
    for (let i = 3; i < raster.data.length; i += 4) raster.data[i] = i % 256
    const read = await pictures.read(await pictures.encode(raster, 'png'))
    expect(read.ok && Buffer.compare(Buffer.from(read.picture.data), Buffer.from(raster.data))).toBe(0)
  })

  test.each(['jpeg', 'webp', 'avif'] as const)('a %s keeps the size and carries no metadata', async (encoding) => {
    const metadata = await sharp(await pictures.encode(sample(70, 50), encoding)).metadata()
    expect([metadata.width, metadata.height, metadata.exif, metadata.xmp]).toEqual([70, 50, undefined, undefined])
  })
})

test('a cut-out keeps its matte exactly, and its colours nearly so up to the very edge', async () => {
  const cutout = createRaster(90, 70)
  for (let y = 8; y < 60; y++)
    for (let x = 11 + (y >> 2); x < 75; x++) cutout.data.set([224, 60, y * 3, x % 7 ? 255 : 120], (y * 90 + x) * 4)
  const { colours, matte } = await pictures.encodeCutout(cutout)
  const [worn, mask] = [await pictures.read(colours), await pictures.read(matte)]
  if (!worn.ok || !mask.ok) throw new Error('unreadable')
  let worst = 0
  for (let i = 0; i < cutout.data.length; i += 4) {
    expect(mask.picture.data[i]).toBe(cutout.data[i + 3]!)
    if (cutout.data[i + 3] !== 0)
      for (const channel of [0, 1, 2])
        worst = Math.max(worst, Math.abs(worn.picture.data[i + channel]! - cutout.data[i + channel]!))
  }
  expect(worst).toBeLessThanOrEqual(8)
})
