export { recommendRoutes } from './routes.ts'
export { openKernel } from './open-kernel.ts'
export type { Quiz, Recommendation, Recommendations } from './schema.ts'
export { createRecommend, type Recommend } from './service.ts'
