import type { Infra, Work } from '../db/index.ts'
import { auditRoutes, createAudit } from './audit/index.ts'
import { catalogRoutes, createCatalog } from './catalog/index.ts'
import { createIdentity, identityRoutes, jwksRoutes } from './identity/index.ts'
import { createInventory } from './inventory/index.ts'
import type { Handlers } from './kernel/events.ts'
import { createRouter } from './kernel/http.ts'
import { createMedia, mediaRoutes } from './media/index.ts'
import { createPayments, paymentRoutes } from './payments/index.ts'
import { createTryOn, tryOnRoutes } from './tryon/index.ts'
import { createVault } from './vault/index.ts'

/** The whole system on one page: who exists, who needs whom, who hears what. Nothing here touches a store. */
export function createModules(infra: Infra) {
  const vault = createVault(infra)
  const audit = createAudit(infra)
  const identity = createIdentity({ ...infra, vault, audit })
  const media = createMedia(infra)
  const inventory = createInventory(infra)
  const catalog = createCatalog({ ...infra, inventory })
  const payments = createPayments({ ...infra, audit })
  const tryOn = createTryOn({ ...infra, catalog, pictures: media })
  // Chained, so that the typed client knows every route.
  const v1 = createRouter()
    .route('/', catalogRoutes(catalog))
    .route('/', paymentRoutes({ payments, authorise: async () => {}, orderUrl: (id) => `/orders/${id}` }))
    .route('/', tryOnRoutes({ tryOn, pictures: media }))
    .route('/', identityRoutes(identity))
    .route('/', auditRoutes(audit))
  const handlers: Handlers = {}
  const jobs: Work['jobs'] = { ...payments.jobs }
  const schedules: Work['schedules'] = { ...payments.schedules }
  const routes = createRouter().route('/v1', v1).route('/', mediaRoutes(media)).route('/', jwksRoutes(identity))
  // Threads, not stores: those belong to whoever opened them.
  const close = () => tryOn.close()
  return {
    infra,
    vault,
    audit,
    identity,
    media,
    inventory,
    catalog,
    payments,
    tryOn,
    routes,
    handlers,
    jobs,
    schedules,
    close,
  }
}

export type Modules = ReturnType<typeof createModules>
/** What the typed client is made from. */
export type Api = Modules['routes']
