export { paymentRoutes } from './routes.ts'
export { ClientActionSchema } from './schema.ts'
export type { ClientAction, Payment, Provider } from './schema.ts'
export { createPayments, type Payments } from './service.ts'
