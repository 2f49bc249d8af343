import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Mask, Raster } from './pure/raster.ts'

/** What a picture must keep to before one pixel of it is decoded. */
export type PictureLimits = { maxBytes: number; maxPixels: number; minSide: number }

/** 50 megapixels is more than any phone sends; 48 pixels a side is less than any person or garment can be read from. */
export const DEFAULT_LIMITS: PictureLimits = { maxBytes: 32 * 1024 * 1024, maxPixels: 50_000_000, minSide: 48 }

export const PICTURE_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const
export type PictureFormat = (typeof PICTURE_FORMATS)[number]

export type PictureRefusal = 'image_unreadable' | 'image_too_small' | 'image_too_large'
export type ReadPicture = { ok: true; picture: Raster; format: PictureFormat } | { ok: false; reason: PictureRefusal }

export const ENCODINGS = ['png', 'jpeg', 'webp', 'avif'] as const
export type Encoding = (typeof ENCODINGS)[number]

type Header = { ok: true; format: PictureFormat } | { ok: false; reason: PictureRefusal }

const refuse = (reason: PictureRefusal) => ({ ok: false, reason }) as const

/** sharp names AVIF and HEIC `heif`, and reads documents and vectors too, which are not photos and can reach outside themselves. */
function formatOf({ format, compression }: Metadata): PictureFormat | undefined {
  if (format === 'heif') return compression === 'av1' ? 'avif' : undefined
  return PICTURE_FORMATS.find((known) => known === format)
}

/** Judges the header alone, so a decompression bomb costs nothing. */
async function readHeader(bytes: Uint8Array, limits: PictureLimits): Promise<Header> {
  if (bytes.length === 0) return refuse('image_unreadable')
  if (bytes.length > limits.maxBytes) return refuse('image_too_large')
  const metadata = await sharp(bytes, { limitInputPixels: false, pages: 1 })
    .metadata()
    .catch(() => undefined)
  const format = metadata && formatOf(metadata)
  if (!metadata || !format) return refuse('image_unreadable')
  const height = metadata.pageHeight ?? metadata.height
  if (metadata.width * height > limits.maxPixels) return refuse('image_too_large')
  if (Math.min(metadata.width, height) < limits.minSide) return refuse('image_too_small')
  return { ok: true, format }
}

/**
 * Decodes to upright 8-bit sRGB with straight alpha: EXIF orientation and the ICC profile are applied, grey, CMYK and
 * 16-bit become RGBA, an animation gives its first frame. A file that ends early is refused rather than filled with grey.
 */
export async function readPicture(bytes: Uint8Array, limits: PictureLimits): Promise<ReadPicture> {
  const header = await readHeader(bytes, limits)
  if (!header.ok) return header
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: limits.maxPixels, pages: 1 })
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    if (data.length !== info.width * info.height * 4) return refuse('image_unreadable')
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
    return { ok: true, picture: { width: info.width, height: info.height, data: pixels }, format: header.format }
  } catch {
    return refuse('image_unreadable')
  }
}

const WHITE = { r: 255, g: 255, b: 255 }

/**
 * Effort settings are the ones where one more step costs much time and saves few bytes: the first to see a listing waits
 * for its pictures, and AVIF with one step more takes twice as long for a twentieth less.
 */
const encoder: Record<Encoding, (image: Sharp) => Sharp> = {
  png: (image) => image.png({ compressionLevel: 3, adaptiveFiltering: true }),
  jpeg: (image) => image.flatten({ background: WHITE }).jpeg({ quality: 88, chromaSubsampling: '4:4:4' }),
  webp: (image) => image.webp({ quality: 84, effort: 2 }),
  avif: (image) => image.avif({ quality: 60, effort: 0, chromaSubsampling: '4:2:0' }),
}

/** Writes a picture with no metadata; `png` gives back every pixel exactly, `jpeg` lays transparent parts on white. */
export async function encodePicture({ width, height, data }: Raster, encoding: Encoding): Promise<Uint8Array> {
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
  return encoder[encoding](sharp(pixels, { raw: { width, height, channels: 4 } })).toBuffer()
}

/** A mask as an 8-bit grey PNG of the same size. */
export function encodeMask({ width, height, data }: Mask): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 3 })
    .toBuffer()
}

/**
 * A cut-out to be worn, in two files of its size: its colours as a JPEG, nearly exact, and its matte as a PNG, exact. One
 * WebP would hold both in less room and take eight times as long, which a catalogue of thousands cannot wait for.
 */
export async function encodeCutout(cutout: Raster): Promise<{ colours: Uint8Array; matte: Uint8Array }> {
  const { width, height } = cutout
  const matte = new Uint8Array(width * height)
  for (let i = 0; i < matte.length; i++) matte[i] = cutout.data[4 * i + 3] ?? 0
  const [colours, mask] = await Promise.all([
    sharp(spreadColours(cutout), { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 92, chromaSubsampling: '4:4:4', optimiseCoding: false })
      .toBuffer(),
    encodeMask({ width, height, data: matte }),
  ])
  return { colours, matte: mask }
}

/** RGB where what is not seen has the colour of what is seen beside or above it: a JPEG smears hard edges inwards. */
function spreadColours({ width, height, data }: Raster): Uint8Array {
  const colours = new Uint8Array(width * height * 3)
  const seen = (at: number) => (data[4 * at + 3] ?? 0) > 0
  for (let row = 0; row < colours.length / 3; row += width) {
    let first = row
    while (first < row + width && !seen(first)) first++
    if (first === row + width) {
      if (row > 0) colours.copyWithin(3 * row, 3 * (row - width), 3 * row)
      continue
    }
    for (let at = row, from = first; at < row + width; at++) {
      if (at > first && seen(at)) from = at
      for (let channel = 0; channel < 3; channel++) colours[3 * at + channel] = data[4 * from + channel] ?? 0
    }
  }
  return colours
}

/**
 * What is kept of a stored picture: good enough to cut every variant from, a tenth of a lossless file, and quick, since a
 * catalogue comes in thousands. JPEG keeps colour at full resolution; only what has alpha needs WebP.
 */
export async function encodeOriginal({ width, height, data }: Raster, maxSide: number): Promise<EncodedPicture> {
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
  const image = sharp(pixels, { raw: { width, height, channels: 4 } })
  const sized = image.resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
  const kept = isOpaque(data)
    ? sized.removeAlpha().jpeg({ quality: 92, chromaSubsampling: '4:4:4', optimiseCoding: false })
    : sized.webp({ quality: 92, effort: 0 })
  const { data: bytes, info } = await kept.toBuffer({ resolveWithObject: true })
  return { bytes, width: info.width, height: info.height, format: info.format === 'webp' ? 'webp' : 'jpg' }
}

function isOpaque(data: Uint8ClampedArray): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}

export type EncodedPicture = { bytes: Uint8Array; width: number; height: number; format: 'jpg' | 'webp' }

/** A picture of ours again, at most `width` wide and never larger than it was. */
export function encodeVariant(original: Uint8Array, width: number, encoding: Encoding): Promise<Uint8Array> {
  return encoder[encoding](sharp(original).resize({ width, withoutEnlargement: true })).toBuffer()
}
