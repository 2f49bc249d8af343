import { Hono } from 'hono'
import { isWished } from '../state/account.ts'
import { isKnown } from '../state/picks.ts'
import { findOwnReview } from '../state/reviews.ts'
import type { Visit } from '../state/visit.ts'
import { drawHome } from './home.tsx'
import { drawListing } from './listing.tsx'
import { LooksPage } from './looks.tsx'
import { PrivacyPage } from './plain.tsx'
import { drawProduct, type Mine } from './product.tsx'
import { type Site, send, sendPrivate } from './site.tsx'
import { drawResult, drawTryOn } from './try-on.tsx'

/** Looking around and trying on: pages that are the same for everyone. */
export function browsingPages(site: Site) {
  const { shop, frame, notFound } = site
  const pages = new Hono()
  pages.get('/', async (c) => {
    const visit = site.visit(c)
    const drawn = await drawHome(shop, await frame(c), visit)
    return isKnown(visit) ? sendPrivate(c, drawn) : send(c, drawn)
  })
  for (const path of ['/women', '/men', '/c/:category'] as const)
    pages.get(path, async (c) => {
      const slug = c.req.param('category') ?? c.req.path.slice(1)
      const drawn = await drawListing(shop, await frame(c), slug, new URL(c.req.url).searchParams)
      return drawn ? send(c, drawn) : notFound(c)
    })
  pages.get('/p/:slug', async (c) => {
    const product = await shop.product(c.req.param('slug'))
    if (!product) return notFound(c)
    const visit = site.visit(c)
    const mine = visit.hasSession ? await findMine(visit, product.id) : undefined
    const drawn = await drawProduct(site, await frame(c), { product, asked: c.req.query(), mine })
    return mine ? sendPrivate(c, drawn) : send(c, drawn)
  })
  pages.get('/p/:slug/try-on', async (c) => {
    const product = await shop.product(c.req.param('slug'))
    return product ? send(c, drawTryOn(await frame(c), product, c.req.query())) : notFound(c)
  })
  pages.post('/p/:slug/try-on', async (c) => {
    const product = await shop.product(c.req.param('slug'))
    if (!product) return notFound(c)
    const form = await c.req.formData()
    const asked = c.req.query()
    const { drawn, status } = await drawResult({ api: site.api, frame: await frame(c), product, form, asked })
    c.header('cache-control', 'no-store')
    return send(c, drawn, status)
  })
  pages.get('/looks', async (c) => send(c, <LooksPage frame={await frame(c)} />))
  pages.get('/privacy-of-photos', async (c) => send(c, <PrivacyPage frame={await frame(c)} />))
  return pages
}

async function findMine(visit: Visit, productId: string): Promise<Mine | undefined> {
  const [wished, review] = await Promise.all([isWished(visit, productId), findOwnReview(visit, productId)])
  return wished === undefined ? undefined : { wished, review }
}
