import type { MiddlewareHandler } from 'hono'

/** Reads get an `ETag` of their content, unless the route set its own, and a caller who has it already gets a bare 304. */
export const etag: MiddlewareHandler = async (c, next) => {
  await next()
  if (c.req.method !== 'GET' || c.res.status !== 200) return
  const tag = c.res.headers.get('etag') ?? (await contentTag(c.res.clone()))
  if (matches(c.req.header('if-none-match'), tag)) c.res = new Response(null, { status: 304, headers: c.res.headers })
  c.res.headers.set('etag', tag)
  if (c.res.status === 304) for (const name of ['content-type', 'content-length']) c.res.headers.delete(name)
}

async function contentTag(res: Response): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', await res.arrayBuffer()))
  return `"${Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')}"`
}

/** RFC 9110, 13.1.2: weak comparison of a list, or `*`. */
function matches(header: string | undefined, tag: string): boolean {
  return header !== undefined && header.split(',').some((value) => bare(value) === '*' || bare(value) === bare(tag))
}

const bare = (tag: string) => tag.trim().replace(/^W\//, '')
