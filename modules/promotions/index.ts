export { promotionRoutes } from './routes.ts'
export { CouponCodeSchema } from './schema.ts'
export { createPromotions, type Promotions } from './service.ts'
