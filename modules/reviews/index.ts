export { reviewRoutes } from './routes.ts'
export type { OwnReview, QueuedReview, Review } from './schema.ts'
export { createReviews, type Reviews } from './service.ts'
