export { paymentRoutes } from './routes.ts'
export { ClientActionSchema, PaymentSchema } from './schema.ts'
export type { ClientAction, Payment, Provider } from './schema.ts'
export { createPayments, type Payments } from './service.ts'
