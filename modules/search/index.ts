export { searchAdminRoutes } from './admin-routes.ts'
export { searchRoutes } from './routes.ts'
export { createSearch, type Search } from './service.ts'
