/** One asset as it goes over the wire, in every encoding a browser may ask for. */
export type AssetFile = {
  type: string
  plain: Uint8Array<ArrayBuffer>
  gzip: Uint8Array<ArrayBuffer>
  brotli: Uint8Array<ArrayBuffer>
}

/** An island's entry script and the shared chunks it loads at once (not those it loads later on demand). */
type IslandScript = { src: string; chunks: string[] }

/** Everything the browser loads beside the HTML. Paths carry a hash of the content, so they may be cached for ever. */
export type Assets = {
  stylesheet: string
  icon: string
  islands: Record<string, IslandScript>
  files: Map<string, AssetFile>
}

/** Answers a request for an asset, or undefined when no such file was built. */
export function serveAsset(assets: Assets, request: Request): Response | undefined {
  const file = assets.files.get(new URL(request.url).pathname)
  if (!file) return undefined
  const accepts = request.headers.get('accept-encoding') ?? ''
  const encoding = /\bbr\b/.test(accepts) ? 'br' : /\bgzip\b/.test(accepts) ? 'gzip' : undefined
  const body = encoding === 'br' ? file.brotli : encoding === 'gzip' ? file.gzip : file.plain
  return new Response(body, {
    headers: {
      'content-type': file.type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(encoding && { 'content-encoding': encoding }),
    },
  })
}
