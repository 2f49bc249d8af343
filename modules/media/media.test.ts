import { beforeEach, describe, expect, test } from 'bun:test'
import sharp from 'sharp'
import type { Blobs } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createModules } from '../index.ts'

const infra = await openTestInfra()

/** The real blobs, with what is written written down. */
let written: string[] = []
const blobs: Blobs = {
  ...infra.blobs,
  put: (key, bytes, type) => {
    written.push(key)
    return infra.blobs.put(key, bytes, type)
  },
}
const modules = createModules({ ...infra, blobs })
const app = createApp(modules)

const photo = (width: number, height: number, background = '#4477aa') =>
  sharp({ create: { width, height, channels: 3, background } })

async function stored(bytes: Uint8Array) {
  const kept = await modules.media.store(bytes)
  if (!kept.ok) throw new Error(kept.reason)
  return kept
}

beforeEach(async () => {
  await emptyTestInfra()
  written = []
})

describe('stored pictures', () => {
  test('are upright, without metadata, and named by their content', async () => {
    const bytes = await photo(400, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const kept = await stored(bytes)
    expect([kept.width, kept.height]).toEqual([200, 400])
    expect((await stored(bytes)).key).toBe(kept.key)
    const res = await app.request(`/media/${kept.key}`)
    expect([res.status, res.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    const metadata = await sharp(await res.bytes()).metadata()
    expect([metadata.width, metadata.height, metadata.exif, metadata.orientation]).toEqual([
      200,
      400,
      undefined,
      undefined,
    ])
  })

  test('keep what they let shine through', async () => {
    const clear = sharp({
      create: { width: 90, height: 90, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
    })
    const { key } = await stored(await clear.png().toBuffer())
    const res = await app.request(`/media/${key}`)
    expect(res.headers.get('content-type')).toBe('image/webp')
    const { data } = await sharp(await res.bytes())
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(Math.abs((data[3] ?? 0) - 128)).toBeLessThanOrEqual(1)
  })

  test('are at most 2560 pixels long', async () => {
    const kept = await stored(await photo(3000, 1500).png().toBuffer())
    expect([kept.width, kept.height]).toEqual([2560, 1280])
  })

  test('are refused when they are no pictures', async () => {
    expect(await modules.media.store(new TextEncoder().encode('hello'))).toEqual({
      ok: false,
      reason: 'image_unreadable',
    })
    expect(written).toEqual([])
  })
})

describe('responsive variants', () => {
  test.each([
    ['160.avif', 'image/avif', 160],
    ['480.webp', 'image/webp', 480],
    ['960.jpg', 'image/jpeg', 700],
  ] as const)('%s is an %s %i wide, and may be kept for good', async (name, type, width) => {
    const { key } = await stored(await photo(700, 900).png().toBuffer())
    const res = await app.request(`/media/${key}/${name}`)
    expect([res.status, res.headers.get('content-type')]).toEqual([200, type])
    expect(res.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await sharp(await res.bytes()).metadata()).width).toBe(width)
    const tag = res.headers.get('etag') ?? ''
    const again = await app.request(`/media/${key}/${name}`, { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('are made once, however many ask at once, and kept for the next', async () => {
    const { key } = await stored(await photo(700, 900).png().toBuffer())
    written = []
    const burst = await Promise.all(Array.from({ length: 20 }, () => app.request(`/media/${key}/320.webp`)))
    expect(new Set(burst.map(({ status }) => status))).toEqual(new Set([200]))
    await app.request(`/media/${key}/320.webp`)
    expect(written).toEqual([`media/variants/${key.slice(0, 2)}/${key}/320.webp`])
  })

  test('that do not exist are 404 and leave nothing behind, whatever the name', async () => {
    const { key } = await stored(await photo(100, 100).png().toBuffer())
    const absent = `${'0'.repeat(32)}.webp`
    written = []
    for (const path of [
      absent,
      `${absent}/480.avif`,
      `${key}/481.avif`,
      `${key}/0480.avif`,
      `${key}/480.gif`,
      `${key}/480.constructor`,
      `${key}/480.AVIF`,
      `${key}/..%2f..%2f${key}`,
      `${key}/%00`,
      '..%2f..%2fsigning-secret',
      'x'.repeat(3000),
      `${key}/480.avif/more`,
    ]) {
      const { status } = await app.request(`/media/${path}`)
      expect([path, status < 500 && status >= 400]).toEqual([path, true])
    }
    expect(written).toEqual([])
  })
})
