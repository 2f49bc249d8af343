import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assertKey, type Blobs } from './index.ts'

/** Files under `dir`, each with a `.type` file beside it; written aside and renamed. `now` is in milliseconds. */
export function fileBlobs({ dir, secret, now }: { dir: string; secret: string; now: () => number }): Blobs {
  const pathOf = (key: string) => {
    assertKey(key)
    return join(dir, key)
  }
  return {
    async put(key, bytes, contentType) {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true })
      await write(`${path}.type~`, contentType)
      await write(path, bytes)
    },
    async get(key) {
      const path = pathOf(key)
      try {
        const [bytes, contentType] = await Promise.all([readFile(path), readFile(`${path}.type~`, 'utf8')])
        return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), contentType }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async delete(key) {
      const path = pathOf(key)
      await rm(path, { force: true })
      await rm(`${path}.type~`, { force: true })
    },
    async signedUrl(key, ttlSeconds) {
      assertKey(key)
      const expires = Math.floor(now() / 1000) + ttlSeconds
      return `/blobs/${key}?expires=${expires}&signature=${sign(secret, key, expires)}`
    },
  }
}

async function write(path: string, content: Uint8Array | string): Promise<void> {
  const aside = `${path}.${randomUUID()}~`
  await Bun.write(aside, content)
  await rename(aside, path)
}

function sign(secret: string, key: string, expires: number): string {
  return createHmac('sha256', secret).update(`${key}\n${expires}`).digest('base64url')
}

/** True when `signature` is ours for this key and the time has not passed. */
export function verifySignedKey(
  secret: string,
  claim: { key: string; expires: number; signature: string },
  now: number,
): boolean {
  const expected = Buffer.from(sign(secret, claim.key, claim.expires))
  const given = Buffer.from(claim.signature)
  return given.length === expected.length && timingSafeEqual(given, expected) && claim.expires * 1000 > now
}
