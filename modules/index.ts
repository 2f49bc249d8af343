import type { Infra, Work } from '../db/index.ts'
import { analyticsRoutes, createAnalytics } from './analytics/index.ts'
import { auditRoutes, createAudit } from './audit/index.ts'
import { cartRoutes, createCart } from './cart/index.ts'
import { catalogRoutes, createCatalog } from './catalog/index.ts'
import { createIdentity, identityRoutes, jwksRoutes } from './identity/index.ts'
import { createInventory } from './inventory/index.ts'
import type { Handlers } from './kernel/events.ts'
import { createRouter } from './kernel/http.ts'
import { createMedia, mediaRoutes } from './media/index.ts'
import { createNotify, notifyRoutes } from './notify/index.ts'
import { createOperations, operationsRoutes } from './operations/index.ts'
import { createOrders, orderAdminRoutes, orderRoutes } from './orders/index.ts'
import { createPayments, paymentRoutes } from './payments/index.ts'
import { createProfile, type Profile, profileRoutes } from './profile/index.ts'
import { createPromotions, promotionRoutes } from './promotions/index.ts'
import { createRecommend, recommendRoutes } from './recommend/index.ts'
import { createReviews, reviewRoutes } from './reviews/index.ts'
import { createSearch, searchAdminRoutes, searchRoutes } from './search/index.ts'
import { createTryOn, tryOnRoutes } from './tryon/index.ts'
import { createVault } from './vault/index.ts'

/** Who exists, and who needs whom. */
function createServices(infra: Infra) {
  const vault = createVault(infra)
  const audit = createAudit(infra)
  const identity = createIdentity({ ...infra, vault, audit })
  const media = createMedia(infra)
  const inventory = createInventory(infra)
  const catalog = createCatalog({ ...infra, inventory, audit })
  const promotions = createPromotions({ ...infra, audit })
  const cart = createCart({ ...infra, catalog, inventory, promotions })
  const payments = createPayments({ ...infra, audit })
  const orders = createOrders({ ...infra, cart, inventory, promotions, payments, vault, audit })
  const reviews = createReviews({ ...infra, vault, audit, catalog, media, orders })
  const notify = createNotify({ ...infra, vault, audit, identity, orders })
  const operations = createOperations({ ...infra, audit })
  // Needs to know what a user allows, and profile to forget and to show what was noted: the one asks the other when called.
  const consentsOf = (userId: string) => profile.listConsents(userId)
  const analytics = createAnalytics({ ...infra, catalog, orders, consentsOf })
  const profile: Profile = createProfile({
    ...infra,
    vault,
    audit,
    identity,
    catalog,
    cart,
    orders,
    reviews,
    notify,
    analytics,
  })
  const sizesOf = async (userId: string) =>
    Object.values((await profile.getPreferences(userId)).sizes).filter((size) => size !== null)
  const search = createSearch({ ...infra, catalog, analytics, audit, sizesOf })
  const tryOn = createTryOn({ ...infra, catalog, pictures: media })
  const { hiddenEverywhere } = search
  const recommend = createRecommend({ ...infra, catalog, tryOn, analytics, profile, cart, hiddenEverywhere })
  return {
    infra,
    vault,
    audit,
    identity,
    media,
    inventory,
    catalog,
    promotions,
    cart,
    orders,
    payments,
    reviews,
    notify,
    operations,
    analytics,
    profile,
    search,
    tryOn,
    recommend,
  }
}

type Services = ReturnType<typeof createServices>

/** Every route, chained so that the typed client knows them. */
function routesOf(of: Services) {
  const { media, orders } = of
  const orderUrl = (id: string) => `/orders/${id}?token=${orders.orderLinkToken(id)}`
  const v1 = createRouter()
    .route('/', catalogRoutes(of.catalog))
    .route('/', paymentRoutes({ payments: of.payments, authorise: orders.authorise, orderUrl }))
    .route('/', tryOnRoutes({ tryOn: of.tryOn, pictures: media }))
    .route('/', identityRoutes(of.identity))
    .route('/', auditRoutes(of.audit))
    .route('/', operationsRoutes(of.operations))
    .route('/', promotionRoutes(of.promotions))
    .route('/', cartRoutes(of.cart))
    .route('/', orderRoutes(orders))
    .route('/', orderAdminRoutes(orders))
    .route('/', reviewRoutes(of.reviews))
    .route('/', notifyRoutes(of.notify))
    .route('/', profileRoutes(of.profile))
    .route('/', analyticsRoutes(of.analytics))
    .route('/', searchRoutes(of.search))
    .route('/', searchAdminRoutes(of.search))
    .route('/', recommendRoutes(of.recommend))
  return createRouter().route('/v1', v1).route('/', mediaRoutes(media)).route('/', jwksRoutes(of.identity))
}

/** Every job that somebody adds or that comes by itself; listeners are jobs beside these. */
function whatIsDoneWhen(of: Services) {
  const { infra, analytics, audit, catalog, identity, payments, orders, cart, reviews, notify, profile } = of
  const jobs: Work['jobs'] = {
    ...audit.jobs,
    ...identity.jobs,
    ...payments.jobs,
    ...catalog.jobs,
    ...of.search.jobs,
    ...of.recommend.jobs,
    'orders.expire': async () => void (await orders.expirePending()),
    'cart.sweep': async () => void (await cart.sweep()),
    'kernel.sweep_answers': () => infra.idempotency.sweep(),
    'reviews.sweep_photos': async () => void (await reviews.sweepPhotos()),
    'notify.deliver_webhook': notify.deliver,
    'notify.prune': notify.prune,
    'profile.erase': profile.eraseUser,
    'profile.erase_late': profile.eraseLate,
    'analytics.prune': async () => void (await analytics.prune()),
    'analytics.forget_subject': analytics.forgetSubject,
    'analytics.refresh_popularity': analytics.refreshPopularity,
    'analytics.refresh_queries': analytics.refreshQueries,
  }
  const schedules: Work['schedules'] = {
    ...audit.schedules,
    ...identity.schedules,
    ...payments.schedules,
    ...catalog.schedules,
    ...of.search.schedules,
    ...of.recommend.schedules,
    'orders.expire': 60,
    'cart.sweep': 86_400,
    'kernel.sweep_answers': 3600,
    'reviews.sweep_photos': 86_400,
    'notify.prune': 86_400,
    'analytics.prune': 86_400,
    'analytics.refresh_popularity': 3600,
    'analytics.refresh_queries': 3600,
  }
  return { jobs, schedules }
}

/** Every listener of every event. Each is a job of its own, so a mail server that is down holds up nobody else. */
const whoHearsWhat = ({ analytics, catalog, orders, reviews, notify, recommend }: Services): Handlers => ({
  'analytics.popularity_changed': { search: ({ productIds }) => catalog.noteChanged(productIds) },
  'catalog.product_changed': {
    recommend: recommend.onProductChanged,
    search: ({ productId }) => catalog.noteChanged([productId]),
  },
  'identity.verification_requested': { mail: ({ requestId }) => notify.mailAccount(requestId) },
  'identity.reset_requested': { mail: ({ requestId }) => notify.mailAccount(requestId) },
  'identity.email_changed': { mail: ({ requestId }) => notify.mailAccount(requestId) },
  'inventory.availability_changed': { search: ({ variantIds }) => catalog.noteVariantsChanged(variantIds) },
  'orders.placed': {
    mail: ({ orderId }) => notify.mailOrder('order_placed', orderId),
    webhooks: (payload) => notify.announce('orders.placed', payload),
  },
  'orders.paid': {
    mail: ({ orderId }) => notify.mailOrder('order_paid', orderId),
    analytics: analytics.onPaid,
    webhooks: (payload) => notify.announce('orders.paid', payload),
  },
  'orders.packed': { webhooks: (payload) => notify.announce('orders.packed', payload) },
  'orders.shipped': {
    mail: ({ orderId }) => notify.mailOrder('order_shipped', orderId),
    webhooks: (payload) => notify.announce('orders.shipped', payload),
  },
  'orders.delivered': { webhooks: (payload) => notify.announce('orders.delivered', payload) },
  'orders.cancelled': {
    mail: ({ orderId }) => notify.mailOrder('order_cancelled', orderId),
    webhooks: (payload) => notify.announce('orders.cancelled', payload),
  },
  'orders.return_requested': { webhooks: (payload) => notify.announce('orders.return_requested', payload) },
  'orders.returned': { webhooks: (payload) => notify.announce('orders.returned', payload) },
  'orders.refunded': {
    mail: ({ orderId, refundId, amount, currency }) =>
      notify.mailOrder('order_refunded', orderId, { id: refundId, amount: { amount, currency } }),
    webhooks: (payload) => notify.announce('orders.refunded', payload),
  },
  'payments.succeeded': { orders: orders.onPaid },
  'payments.failed': { orders: orders.onPaymentFailed },
  'payments.refunded': { orders: orders.onRefunded },
  'payments.refund_failed': { orders: orders.onRefundFailed },
  'payments.disputed': { webhooks: (payload) => notify.announce('payments.disputed', payload) },
  'profile.consent_changed': { analytics: analytics.onConsent },
  'reviews.summary_changed': {
    // One after the other: what is searched is read from what the catalogue keeps.
    catalog: async ({ productId }) => {
      await catalog.keepReviews(productId, await reviews.countsOf(productId))
      await catalog.noteChanged([productId])
    },
  },
})

/** The whole system on one page: who exists, who needs whom, who hears what. Nothing here touches a store. */
export function createModules(infra: Infra) {
  const services = createServices(infra)
  // Threads, not stores: those belong to whoever opened them.
  const close = () => services.tryOn.close()
  return {
    ...services,
    ...whatIsDoneWhen(services),
    handlers: whoHearsWhat(services),
    routes: routesOf(services),
    close,
  }
}

export type Modules = ReturnType<typeof createModules>
/** What the typed client is made from. */
export type Api = Modules['routes']
