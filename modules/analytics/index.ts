export { analyticsRoutes } from './routes.ts'
export { type Analytics, createAnalytics } from './service.ts'
export type { Deed, Interaction } from './service.ts'
