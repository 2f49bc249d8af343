export { profileRoutes } from './routes.ts'
export type { Address, Me, Preferences, Wish } from './schema.ts'
export { createProfile, type Profile } from './service.ts'
