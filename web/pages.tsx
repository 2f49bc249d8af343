import { type Context, Hono } from 'hono'
import { compress } from 'hono/compress'
import { type Assets, serveAsset } from './assets.ts'
import { accountPages } from './pages/account.tsx'
import { adminPages } from './pages/admin.tsx'
import { browsingPages } from './pages/browsing.tsx'
import { checkoutPages } from './pages/checkout.tsx'
import { enteringPages } from './pages/entering.tsx'
import { orderPages } from './pages/orders.tsx'
import { type Notice, NoticePage } from './pages/plain.tsx'
import { picksPages } from './pages/picks.tsx'
import { quizPages } from './pages/quiz.tsx'
import { reviewPages } from './pages/reviews.tsx'
import { searchPages } from './pages/search.tsx'
import { shoppingPages } from './pages/shopping.tsx'
import { yourDataPages } from './pages/your-data.tsx'
import { createSite, goTo, html, type Needs, NOT_FOUND, send } from './pages/site.tsx'
import { ShopError, SignInNeeded } from './state/shop.ts'
import { isOwnForm } from './state/visit.ts'

/** The shop as a person sees it. Mount it last: what it does not know and no browser asked for, it leaves to the app. */
export function createPages(needs: Needs) {
  const site = createSite(needs)
  const { assets } = site
  const pages = new Hono()
  pages.use(compress())
  pages.get('/assets/:name', (c, next) => serveAsset(assets, c.req.raw) ?? next())
  pages.use(async (c, next) => {
    await next()
    for (const line of site.cookies(c)) {
      c.res.headers.append('set-cookie', line)
      c.res.headers.set('cache-control', 'private, no-store')
    }
  })
  // Not as a route for all addresses, by which none would be unknown any more.
  pages.use(async (c, next) => {
    if (c.req.method !== 'POST' || c.req.path.startsWith('/v1/') || isOwnForm(c.req.raw)) return next()
    return send(c, <NoticePage frame={await site.frame(c)} {...FOREIGN} />, 403)
  })
  pages.route('/', browsingPages(site))
  pages.route('/', picksPages(site))
  pages.route('/', quizPages(site))
  pages.route('/', yourDataPages(site))
  pages.route('/', searchPages(site))
  pages.route('/', reviewPages(site))
  pages.route('/', shoppingPages(site))
  pages.route('/', checkoutPages(site))
  pages.route('/', orderPages(site))
  pages.route('/', enteringPages(site))
  pages.route('/', accountPages(site))
  pages.route('/', adminPages(site))
  pages.all('*', (c, next) => (c.req.method === 'GET' && wantsPage(c.req.raw) ? site.notFound(c) : next()))
  pages.onError((error, c) => answerError(error, c, assets))
  return pages
}

function answerError(error: Error, c: Context, assets: Assets): Response {
  if (error instanceof SignInNeeded) return goTo(c, `/login?next=${encodeURIComponent(formAddress(c))}`)
  const { search } = new URL(c.req.url)
  // A filter that no longer exists: the same listing without it. Never from a bare address, which would go round in circles.
  if (error instanceof ShopError && error.status < 500 && error.status !== 404 && search && c.req.method === 'GET')
    return c.redirect(c.req.path)
  const notice = error instanceof ShopError && NOTICES[error.status]
  if (!notice) console.error(error)
  const { status, ...words } = notice || { ...BROKEN, status: 500 as const }
  c.header('cache-control', 'no-store')
  return send(c, <NoticePage frame={{ assets, path: c.req.path, categories: [] }} {...words} />, status)
}

/** Where to come back to after signing in: the page itself, or the one whose form was sent. */
function formAddress(c: Context): string {
  const referer = c.req.header('referer')
  const { pathname, search } = new URL(c.req.method !== 'GET' && referer ? referer : c.req.url)
  return c.req.method === 'GET' || referer ? pathname + search : '/account'
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

const BROKEN = {
  code: '500',
  title: 'Something broke on our side',
  text: 'It was not you. We have written it down; please try again in a moment.',
}

const REFUSED = {
  title: 'We could not take that',
  text: 'Something in what your browser sent was not what this page takes. Nothing was kept of it.',
}

const FOREIGN = {
  code: '403',
  title: 'This came from another site',
  text: 'A form of this shop was sent from somewhere else, so we did nothing with it. Open the page here and send it again.',
}

const NOTICES: Record<number, Notice & { status: 403 | 404 | 413 | 429 }> = {
  403: {
    status: 403,
    code: '403',
    title: 'This is not for this account',
    text: 'You are signed in, but not as somebody who may see this.',
  },
  404: { status: 404, ...NOT_FOUND },
  413: {
    status: 413,
    code: '413',
    title: 'This photo is too large',
    text: 'Nothing was kept of it. Use a smaller version: 1,600 pixels on the longer side is plenty.',
  },
  429: {
    status: 429,
    code: '429',
    title: 'That was a little fast',
    text: 'So many requests came from here that we paused them. Please wait a minute and try again.',
  },
}

/** A browser that opens a page, not a program that asks for data. */
const wantsPage = (request: Request): boolean => {
  const { pathname } = new URL(request.url)
  return !pathname.startsWith('/v1/') && (request.headers.get('accept') ?? '').includes('text/html')
}
