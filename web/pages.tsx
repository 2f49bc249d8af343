import { type Context, Hono } from 'hono'
import { compress } from 'hono/compress'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Client } from '../openapi/client.ts'
import { type Assets, serveAsset } from './assets.ts'
import { drawHome } from './pages/home.tsx'
import { drawListing } from './pages/listing.tsx'
import { LooksPage } from './pages/looks.tsx'
import { type Notice, NoticePage, PrivacyPage } from './pages/plain.tsx'
import { drawProduct } from './pages/product.tsx'
import { drawResult, drawTryOn } from './pages/try-on.tsx'
import type { Frame } from './parts/layout.tsx'
import { createShop, ShopError } from './state/shop.ts'

/** `api` is the typed client whose fetch is the shop itself; `assets` come from `buildAssets`. */
type Needs = { api: Client; assets: Assets }

/** The shop as a person sees it. Mount it last: what it does not know and no browser asked for, it leaves to the app. */
export function createPages({ api, assets }: Needs) {
  const shop = createShop(api)
  const frameOf = async (c: Context): Promise<Frame> => ({
    assets,
    path: c.req.path,
    categories: await shop.categories(),
  })
  const notFound = async (c: Context) => send(c, <NoticePage frame={await frameOf(c)} {...NOT_FOUND} />, 404)

  const pages = new Hono()
  pages.use(compress())
  pages.get('/assets/:name', (c, next) => serveAsset(assets, c.req.raw) ?? next())
  pages.get('/', async (c) => send(c, await drawHome(shop, await frameOf(c))))
  for (const path of ['/women', '/men', '/c/:category'] as const)
    pages.get(path, async (c) => {
      const slug = c.req.param('category') ?? c.req.path.slice(1)
      const drawn = await drawListing(shop, await frameOf(c), slug, new URL(c.req.url).searchParams)
      return drawn ? send(c, drawn) : notFound(c)
    })
  pages.get('/p/:slug', async (c) => {
    const product = await shop.product(c.req.param('slug'))
    return product ? send(c, await drawProduct(shop, await frameOf(c), product, c.req.query())) : notFound(c)
  })
  pages.get('/p/:slug/try-on', async (c) => {
    const product = await shop.product(c.req.param('slug'))
    return product ? send(c, drawTryOn(await frameOf(c), product, c.req.query())) : notFound(c)
  })
  pages.post('/p/:slug/try-on', async (c) => {
    const product = await shop.product(c.req.param('slug'))
    if (!product) return notFound(c)
    const form = await c.req.formData()
    const { drawn, status } = await drawResult({ api, frame: await frameOf(c), product, form, asked: c.req.query() })
    c.header('cache-control', 'no-store')
    return send(c, drawn, status)
  })
  pages.get('/looks', async (c) => send(c, <LooksPage frame={await frameOf(c)} />))
  pages.get('/privacy-of-photos', async (c) => send(c, <PrivacyPage frame={await frameOf(c)} />))
  pages.all('*', (c, next) => (c.req.method === 'GET' && wantsPage(c.req.raw) ? notFound(c) : next()))
  pages.onError((error, c) => {
    // A filter that no longer exists: the same listing without it. Never from a bare address, which would go round in circles.
    if (error instanceof ShopError && error.status < 500 && new URL(c.req.url).search) return c.redirect(c.req.path)
    console.error(error)
    return send(c, <NoticePage frame={{ assets, path: c.req.path, categories: [] }} {...BROKEN} />, 500)
  })
  return pages
}

/**
 * What a browser shows of an error that no page answers, such as a photo over the limit; undefined for a program, which is
 * to get data.
 */
export function drawError(assets: Assets, request: Request, status: number): string | undefined {
  if (!wantsPage(request)) return undefined
  const { pathname, search } = new URL(request.url)
  const notice = NOTICES[status] ?? (status < 500 ? { ...REFUSED, code: String(status) } : BROKEN)
  // Every form of the shop stands at the address that it is sent to.
  const again = request.method === 'POST' && status !== 404 ? pathname + search : undefined
  return html(<NoticePage frame={{ assets, path: pathname, categories: [] }} again={again} {...notice} />)
}

const NOT_FOUND = {
  code: '404',
  title: 'This page is not here',
  text: 'It may have been moved, or the piece may be gone. The rest of the shop is a step away.',
}

const BROKEN = {
  code: '500',
  title: 'Something broke on our side',
  text: 'It was not you. We have written it down; please try again in a moment.',
}

const REFUSED = {
  title: 'We could not take that',
  text: 'Something in what your browser sent was not what this page takes. Nothing was kept of it.',
}

const NOTICES: Record<number, Notice> = {
  404: NOT_FOUND,
  413: {
    code: '413',
    title: 'This photo is too large',
    text: 'Nothing was kept of it. Use a smaller version: 1,600 pixels on the longer side is plenty.',
  },
}

/** A browser that opens a page, not a program that asks for data. */
const wantsPage = (request: Request): boolean => {
  const { pathname } = new URL(request.url)
  return !pathname.startsWith('/v1/') && (request.headers.get('accept') ?? '').includes('text/html')
}

function send(c: Context, page: VNode, status: 200 | 404 | 422 | 500 | 503 = 200): Response {
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-cache')
  return c.html(html(page), status) as Response
}

const html = (page: VNode) => `<!doctype html>${renderToString(page)}`
