import { expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { serveAsset } from './assets.ts'
import { prepareAssets } from './kept-assets.ts'

test('assets are built once and come back from disk the same', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'eshotry-assets-'))
  try {
    const built = await prepareAssets(dir)
    expect((await readdir(dir)).length).toBe(1)
    await Bun.write(join(dir, 'older.json'), '{}')
    const kept = await prepareAssets(dir)
    expect(kept).toEqual(built)
    expect(Object.keys(kept.islands).toSorted()).toEqual([
      'bag',
      'delivery',
      'events',
      'for-you',
      'listing',
      'looks',
      'passkey',
      'picker',
      'product',
      'search-box',
      'seen',
      'stripe',
      'try-on',
    ])
    for (const { plain, gzip, brotli } of kept.files.values()) {
      expect(new Uint8Array(gunzipSync(gzip))).toEqual(plain)
      expect(new Uint8Array(brotliDecompressSync(brotli))).toEqual(plain)
    }
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('an asset is served in the encoding asked for, and only where there is one', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'eshotry-assets-'))
  try {
    const assets = await prepareAssets(dir)
    const ask = (path: string, encoding: string) =>
      serveAsset(assets, new Request(`http://x${path}`, { headers: { 'accept-encoding': encoding } }))
    expect(ask(assets.stylesheet, 'gzip, br')?.headers.get('content-encoding')).toBe('br')
    expect(ask(assets.stylesheet, 'gzip')?.headers.get('content-encoding')).toBe('gzip')
    expect(ask(assets.stylesheet, '')?.headers.get('content-encoding')).toBeNull()
    expect(ask('/assets/none.js', 'br')).toBeUndefined()
    const css = (await ask(assets.stylesheet, '')?.text()) ?? ''
    expect(css).toContain(':focus-visible')
    expect(css).toContain('.solid')
  } finally {
    await rm(dir, { recursive: true })
  }
})
