export { notifyRoutes } from './routes.ts'
export type { Delivery, Email, Endpoint, WholeDelivery, WholeEmail } from './schema.ts'
export { createNotify, type Notify } from './service.ts'
