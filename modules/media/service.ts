import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Blobs } from '../../db/index.ts'
import type { Raster } from './pure/raster.ts'
import { createPictures } from './pictures.ts'
import { type Encoding, encodeOriginal, encodeVariant, type PictureRefusal } from './sharp.ts'

export type Media = ReturnType<typeof createMedia>

export type StoredPicture = { key: string; width: number; height: number }
/** Whose picture it is; `note` is awaited before anything lies in the blobs, so that its key is on record by then. */
type Owned = { owner: string; note(key: string): Promise<void> }
type Blob = { bytes: Uint8Array; contentType: string }

/** The only variants there are: an open list would let anyone fill the disk. */
export const VARIANT_WIDTHS = [160, 320, 480, 640, 960] as const
const VARIANT_FORMATS: Record<string, Encoding> = { avif: 'avif', webp: 'webp', jpg: 'jpeg' }

/** Longest side of a stored original: twice the largest variant's width, in portrait, for a zoom. */
const MAX_SIDE = 2560

const KEY = /^[0-9a-f]{32}\.(?:jpg|webp)$/
const VARIANT = /^(\d{2,4})\.([a-z]{3,4})$/

/** Runs at most `most` at once, the others in the order they came: encoders take a core each. */
function createQueue(most: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

const originalAt = (key: string) => `media/originals/${key.slice(0, 2)}/${key}`
const variantAt = (key: string, name: string) => `media/variants/${key.slice(0, 2)}/${key}/${name}`

/**
 * Pictures by the hash of their bytes: a key never means another picture, so everybody may keep it for good. A picture
 * with an owner has a key that nobody else's picture has, though its bytes be the same, so that it can be removed.
 */
export function createMedia({ blobs }: { blobs: Blobs }) {
  const pictures = createPictures()
  const queue = createQueue(availableParallelism())
  const making = new Map<string, Promise<Blob | undefined>>()

  async function storeRaster(raster: Raster, owned?: Owned): Promise<StoredPicture> {
    const { bytes, width, height, format } = await encodeOriginal(raster, MAX_SIDE)
    const hash = createHash('sha256').update(owned?.owner ?? '')
    const key = `${hash.update(bytes).digest('hex').slice(0, 32)}.${format}`
    await owned?.note(key)
    await blobs.put(originalAt(key), bytes, format === 'jpg' ? 'image/jpeg' : 'image/webp')
    return { key, width, height }
  }

  async function makeVariant(
    key: string,
    width: number,
    format: string,
    encoding: Encoding,
  ): Promise<Blob | undefined> {
    const at = variantAt(key, `${width}.${format}`)
    const stored = await blobs.get(at)
    if (stored) return stored
    const original = await blobs.get(originalAt(key))
    if (!original) return undefined
    const made = {
      bytes: await queue(() => encodeVariant(original.bytes, width, encoding)),
      contentType: `image/${encoding}`,
    }
    await blobs.put(at, made.bytes, made.contentType)
    return made
  }

  return {
    ...pictures,
    storeRaster: (raster: Raster): Promise<StoredPicture> => storeRaster(raster),

    /** Keeps a file somebody sent, upright and without its metadata (where it was taken, with what). */
    async store(
      file: Uint8Array,
      owned?: Owned,
    ): Promise<({ ok: true } & StoredPicture) | { ok: false; reason: PictureRefusal }> {
      const read = await pictures.read(file)
      return read.ok ? { ok: true, ...(await storeRaster(read.picture, owned)) } : read
    },

    /** Takes away a picture that was stored for an owner, with every variant that was made of it. */
    async remove(key: string): Promise<void> {
      if (!KEY.test(key)) return
      // The original first: without it nobody can have a variant made again.
      await blobs.delete(originalAt(key))
      for (const width of VARIANT_WIDTHS)
        for (const format of Object.keys(VARIANT_FORMATS)) await blobs.delete(variantAt(key, `${width}.${format}`))
    },

    /** The stored original; undefined for a key that is none. */
    findOriginal: async (key: string): Promise<Blob | undefined> =>
      KEY.test(key) ? blobs.get(originalAt(key)) : undefined,

    /**
     * `480.avif` and the like, made at the first request and kept; however many ask at once, it is made once. Undefined for
     * a picture, width or format that there is not.
     */
    async findVariant(key: string, name: string): Promise<Blob | undefined> {
      const [, digits = '', format = ''] = VARIANT.exec(name) ?? []
      const width = VARIANT_WIDTHS.find((one) => String(one) === digits)
      const encoding = Object.hasOwn(VARIANT_FORMATS, format) ? VARIANT_FORMATS[format] : undefined
      if (!KEY.test(key) || width === undefined || encoding === undefined) return undefined
      const at = `${key}/${name}`
      const underway = making.get(at) ?? makeVariant(key, width, format, encoding).finally(() => making.delete(at))
      making.set(at, underway)
      return underway
    },
  }
}
