/** Bytes under a key such as `media/0190/photo.webp`: letters, digits, `.`, `_`, `-` and single `/` between parts. */
export type Blobs = {
  /** Whole or not at all: a reader never sees half of it. Replaces. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>
  get(key: string): Promise<{ bytes: Uint8Array; contentType: string } | undefined>
  /** No error when it is not there. */
  delete(key: string): Promise<void>
  /** A URL that anyone may read the blob from for `ttlSeconds`; relative where the shop itself serves it. */
  signedUrl(key: string, ttlSeconds: number): Promise<string>
}

/** Throws on a key that could leave its folder or mean two things. */
export function assertKey(key: string): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(key) || key.length > 500)
    throw new Error(`Not a blob key: ${JSON.stringify(key)}`)
}
