import type { Context } from 'hono'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { createClient } from '../../openapi/client.ts'
import type { Assets } from '../assets.ts'
import type { Frame } from '../parts/layout.tsx'
import { NoticePage } from './plain.tsx'
import { consentOf } from '../state/consenting.ts'
import { createShop, SignInNeeded } from '../state/shop.ts'
import { type Fetcher, openVisit, type Visit } from '../state/visit.ts'

/** `fetch` is the shop itself, asked in process; `assets` come from `buildAssets`. */
export type Needs = { fetch: Fetcher; assets: Assets }

type Status = 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503

/** What every area of pages is made with. */
export type Site = ReturnType<typeof createSite>

export function createSite({ fetch, assets }: Needs) {
  const api = createClient('http://shop', fetch)
  const shop = createShop(api)
  const visits = new WeakMap<Request, Visit>()
  const visit = (c: Context): Visit => {
    const opened = visits.get(c.req.raw) ?? openVisit(c.req.raw, fetch)
    visits.set(c.req.raw, opened)
    return opened
  }
  const frame = async (c: Context): Promise<Frame> => ({
    assets,
    path: c.req.path,
    categories: await shop.categories(),
    asks: !visit(c).privately && consentOf(visit(c)) === undefined,
  })
  return {
    assets,
    /** For whoever asks: nobody's cookies go with it, so what it answers may be shown to all. */
    api,
    shop,
    frame,
    visit,
    /** The cookies that the visit has for the browser, whatever became of its page: a renewed session must not be lost. */
    cookies: (c: Context): string[] => visits.get(c.req.raw)?.setCookies() ?? [],
    /** The visit of somebody who holds a session; throws `SignInNeeded`, which leads the others to where they can sign in. */
    member(c: Context): Visit {
      const opened = visit(c)
      if (!opened.hasSession) throw new SignInNeeded()
      return opened
    },
    notFound: async (c: Context) => send(c, <NoticePage frame={await frame(c)} {...NOT_FOUND} />, 404),
  }
}

/** A page that is the same for everyone who asks. */
export function send(c: Context, page: VNode, status: Status = 200): Response {
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-cache')
  // Whether it asks for consent is the one thing in which it differs.
  c.header('vary', 'cookie', { append: true })
  return c.html(html(page), status) as Response
}

/** A page for this visitor alone; no cache keeps it, the browser's own for going back included. */
export function sendPrivate(c: Context, page: VNode, status: Status = 200): Response {
  c.header('cache-control', 'private, no-store')
  return c.html(html(page), status) as Response
}

/** On to another page after a form was taken. */
export function goTo(c: Context, path: string): Response {
  c.header('cache-control', 'private, no-store')
  return c.redirect(path, 303)
}

export const html = (page: VNode) => `<!doctype html>${renderToString(page)}`

export const NOT_FOUND = {
  code: '404',
  title: 'This page is not here',
  text: 'It may have been moved, or the piece may be gone. The rest of the shop is a step away.',
}
