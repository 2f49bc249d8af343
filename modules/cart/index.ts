export { cartRoutes } from './routes.ts'
export { CartIdSchema, CountrySchema, TotalsSchema } from './schema.ts'
export type { Cart, CartTotals, ShippingOptions } from './schema.ts'
export { type Carts, createCart, type Quote } from './service.ts'
