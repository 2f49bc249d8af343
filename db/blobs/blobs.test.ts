import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileBlobs, verifySignedKey } from './files.ts'
import type { Blobs } from './index.ts'
import { s3Blobs } from './s3.ts'

const dir = mkdtempSync(join(tmpdir(), 'eshotry-blobs-'))
const secret = 's'.repeat(40)
let clock = Date.now()
const drivers: [name: string, blobs: Blobs][] = [['files', fileBlobs({ dir, secret, now: () => clock })]]
const s3Url = process.env['S3_URL']
if (s3Url) drivers.push(['s3', s3Blobs(s3Url)])
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const version = (fill: number) => new Uint8Array(200_000).fill(fill)
const bytes = (...values: number[]) => Uint8Array.from(values)

describe.each(drivers)('blobs: %s', (_name, blobs) => {
  test('gives back the bytes and the type that were put, until deleted', async () => {
    await blobs.put('test/a.webp', bytes(0, 255, 10, 13), 'image/webp')
    expect(await blobs.get('test/a.webp')).toEqual({ bytes: bytes(0, 255, 10, 13), contentType: 'image/webp' })
    await blobs.delete('test/a.webp')
    await blobs.delete('test/a.webp')
    expect(await blobs.get('test/a.webp')).toBeUndefined()
  })

  test('what was never put is not there', async () => {
    expect(await blobs.get('test/never/put')).toBeUndefined()
  })

  test('put replaces bytes and type', async () => {
    await blobs.put('test/b', bytes(1, 2, 3), 'image/png')
    await blobs.put('test/b', bytes(4), 'image/avif')
    expect(await blobs.get('test/b')).toEqual({ bytes: bytes(4), contentType: 'image/avif' })
  })

  test('a reader sees one whole version while another is written', async () => {
    await blobs.put('test/c', version(0), 'image/png')
    const write = async () => {
      for (let i = 1; i < 8; i++) await blobs.put('test/c', version(i), 'image/png')
    }
    const [reads] = await Promise.all([Promise.all(Array.from({ length: 16 }, () => blobs.get('test/c'))), write()])
    for (const read of reads) expect(new Set(read?.bytes)).toHaveProperty('size', 1)
  })

  test.each(['../out', '/abs', 'a//b', 'a/../b', '.hidden', 'a b', '', 'a/', 'é', 'a\0b', 'a~'])(
    'refuses the key %j',
    async (key) => {
      await expect(blobs.put(key, bytes(1), 'image/png')).rejects.toThrow('Not a blob key')
      await expect(blobs.get(key)).rejects.toThrow('Not a blob key')
    },
  )
})

test('the file driver leaves nothing aside', async () => {
  const blobs = fileBlobs({ dir: join(dir, 'aside'), secret, now: Date.now })
  await blobs.put('a', bytes(1), 'image/png')
  await blobs.delete('a')
  expect(readdirSync(join(dir, 'aside'))).toEqual([])
})

test('a signed link of the file driver holds for its key and its time only', async () => {
  const blobs = fileBlobs({ dir, secret, now: () => clock })
  const link = new URL(await blobs.signedUrl('media/a.webp', 60), 'http://shop')
  expect(link.pathname).toBe('/blobs/media/a.webp')
  const expires = Number(link.searchParams.get('expires'))
  const signature = link.searchParams.get('signature')!
  const holds = (claim: object, at = clock) =>
    verifySignedKey(secret, { key: 'media/a.webp', expires, signature, ...claim }, at)
  expect([
    holds({}),
    holds({ key: 'media/b.webp' }),
    holds({ expires: expires + 1 }),
    holds({ signature: 'x' }),
  ]).toEqual([true, false, false, false])
  expect(holds({}, clock + 61_000)).toBe(false)
})

test.if(s3Url !== undefined)('a signed link of the S3 driver can be read by anyone', async () => {
  const blobs = s3Blobs(s3Url!)
  await blobs.put('test/link', bytes(7), 'image/png')
  expect(await (await fetch(await blobs.signedUrl('test/link', 60))).bytes()).toEqual(bytes(7))
})
