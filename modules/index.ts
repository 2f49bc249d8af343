import type { Infra, Work } from '../db/index.ts'
import { catalogRoutes, createCatalog } from './catalog/index.ts'
import { createInventory } from './inventory/index.ts'
import type { Handlers } from './kernel/events.ts'
import { createRouter } from './kernel/http.ts'
import { createMedia, mediaRoutes } from './media/index.ts'
import { createTryOn, tryOnRoutes } from './tryon/index.ts'

/** The whole system on one page: who exists, who needs whom, who hears what. Nothing here touches a store. */
export function createModules(infra: Infra) {
  const media = createMedia(infra)
  const inventory = createInventory(infra)
  const catalog = createCatalog({ ...infra, inventory })
  const tryOn = createTryOn({ ...infra, catalog, pictures: media })
  // Chained, so that the typed client knows every route.
  const v1 = createRouter()
    .route('/', catalogRoutes(catalog))
    .route('/', tryOnRoutes({ tryOn, pictures: media }))
  const handlers: Handlers = {}
  const jobs: Work['jobs'] = {}
  const schedules: Work['schedules'] = {}
  const routes = createRouter().route('/v1', v1).route('/', mediaRoutes(media))
  // Threads, not stores: those belong to whoever opened them.
  const close = () => tryOn.close()
  return { infra, media, inventory, catalog, tryOn, routes, handlers, jobs, schedules, close }
}

export type Modules = ReturnType<typeof createModules>
/** What the typed client is made from. */
export type Api = Modules['routes']
