import { Hono } from 'hono'
import { isId, openDesk, sectionOf } from '../state/admin.ts'
import { ShopError } from '../state/shop.ts'
import type { AdminEnv } from './admin/office.tsx'
import { orderAdminPages } from './admin/orders.tsx'
import { auditAdminPages } from './admin/audit.tsx'
import { couponAdminPages } from './admin/coupons.tsx'
import { jobAdminPages } from './admin/jobs.tsx'
import { mailAdminPages } from './admin/mail.tsx'
import { overviewPages } from './admin/home.tsx'
import { returnAdminPages } from './admin/returns.tsx'
import { reviewAdminPages } from './admin/reviews.tsx'
import { searchAdminPages } from './admin/search.tsx'
import { userAdminPages } from './admin/users.tsx'
import { webhookAdminPages } from './admin/webhooks.tsx'
import type { Site } from './site.tsx'

/** What stands where other pages have the id of what they are about. */
const NAMED = new Set(['new', 'try'])

/** The shop from behind the counter, for those who work there. */
export function adminPages(site: Site) {
  const pages = new Hono<AdminEnv>()
  pages.use('/admin/*', async (c, next) => {
    const visit = site.visit(c)
    const desk = await openDesk(visit)
    const section = sectionOf(c.req.path)
    if (section && !desk.may(section.permission)) throw new ShopError(403, section.label)
    c.set('view', { frame: { assets: site.assets, path: c.req.path, categories: [] }, desk })
    const [, , , id] = c.req.path.split('/')
    if (id && !NAMED.has(id) && !isId(id)) throw new ShopError(404, 'The page')
    await next()
  })
  for (const part of [
    overviewPages(),
    orderAdminPages(),
    returnAdminPages(),
    couponAdminPages(),
    searchAdminPages(),
    reviewAdminPages(),
    userAdminPages(),
    mailAdminPages(),
    webhookAdminPages(),
    jobAdminPages(),
    auditAdminPages(),
  ])
    pages.route('/', part)
  return pages
}
