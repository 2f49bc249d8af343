import type { Infra } from '../db/index.ts'
import { catalogRoutes, createCatalog } from './catalog/index.ts'
import { createInventory } from './inventory/index.ts'
import type { Handlers } from './kernel/events.ts'
import { createRouter } from './kernel/http.ts'

/** The whole system on one page: who exists, who needs whom, who hears what. Nothing here touches a store. */
export function createModules(infra: Infra) {
  // Chained, so that the typed client knows every route: `.route('/', catalogRoutes(catalog))`.
  const inventory = createInventory(infra)
  const catalog = createCatalog({ ...infra, inventory })
  const routes = createRouter().route('/', catalogRoutes(catalog))
  const handlers: Handlers = {}
  return { infra, inventory, catalog, routes: createRouter().route('/v1', routes), handlers }
}

export type Modules = ReturnType<typeof createModules>
/** What the typed client is made from. */
export type Api = Modules['routes']
