import { S3Client } from 'bun'
import { assertKey, type Blobs } from './index.ts'

/** Blobs in a bucket: `http(s)://KEY:SECRET@HOST[:PORT]/BUCKET?region=R`, secrets percent-encoded. */
export function s3Blobs(url: string): Blobs {
  const { protocol, host, pathname, username, password, searchParams } = new URL(url)
  const client = new S3Client({
    endpoint: `${protocol}//${host}`,
    bucket: decodeURIComponent(pathname.slice(1)),
    accessKeyId: decodeURIComponent(username),
    secretAccessKey: decodeURIComponent(password),
    region: searchParams.get('region') ?? 'us-east-1',
  })
  return {
    async put(key, bytes, contentType) {
      assertKey(key)
      await client.write(key, bytes, { type: contentType })
    },
    async get(key) {
      assertKey(key)
      try {
        const answer = await fetch(client.presign(key, { expiresIn: 60 }))
        if (answer.status === 404) return undefined
        if (!answer.ok) throw new Error(`S3 answered ${answer.status} for ${key}`)
        const contentType = answer.headers.get('content-type') ?? 'application/octet-stream'
        return { bytes: await answer.bytes(), contentType }
      } catch (error) {
        throw new Error(`S3 could not be read: ${key}`, { cause: error })
      }
    },
    async delete(key) {
      assertKey(key)
      await client.delete(key)
    },
    async signedUrl(key, ttlSeconds) {
      assertKey(key)
      return client.presign(key, { expiresIn: ttlSeconds })
    },
  }
}
