import type { Infra, Work } from '../db/index.ts'
import { auditRoutes, createAudit } from './audit/index.ts'
import { cartRoutes, createCart } from './cart/index.ts'
import { catalogRoutes, createCatalog } from './catalog/index.ts'
import { createIdentity, identityRoutes, jwksRoutes } from './identity/index.ts'
import { createInventory } from './inventory/index.ts'
import type { Handlers } from './kernel/events.ts'
import { createRouter } from './kernel/http.ts'
import { createMedia, mediaRoutes } from './media/index.ts'
import { createPayments, paymentRoutes } from './payments/index.ts'
import { createPromotions, promotionRoutes } from './promotions/index.ts'
import { createReviews, reviewRoutes } from './reviews/index.ts'
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
  const promotions = createPromotions({ ...infra, audit })
  const cart = createCart({ ...infra, catalog, inventory, promotions })
  const payments = createPayments({ ...infra, audit })
  const reviews = createReviews({ ...infra, vault, audit, catalog, media, orders: { hasBought: async () => false } })
  const tryOn = createTryOn({ ...infra, catalog, pictures: media })
  // Chained, so that the typed client knows every route.
  const v1 = createRouter()
    .route('/', catalogRoutes(catalog))
    .route('/', paymentRoutes({ payments, authorise: async () => {}, orderUrl: (id) => `/orders/${id}` }))
    .route('/', tryOnRoutes({ tryOn, pictures: media }))
    .route('/', identityRoutes(identity))
    .route('/', auditRoutes(audit))
    .route('/', promotionRoutes(promotions))
    .route('/', cartRoutes(cart))
    .route('/', reviewRoutes(reviews))
  const handlers: Handlers = {
    'reviews.summary_changed': {
      catalog: async ({ productId }) => catalog.keepReviews(productId, await reviews.countsOf(productId)),
    },
  }
  const jobs: Work['jobs'] = {
    ...audit.jobs,
    ...identity.jobs,
    ...payments.jobs,
    'reviews.sweep_photos': async () => void (await reviews.sweepPhotos()),
  }
  const schedules: Work['schedules'] = {
    ...audit.schedules,
    ...identity.schedules,
    ...payments.schedules,
    'reviews.sweep_photos': 86_400,
  }
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
    reviews,
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
