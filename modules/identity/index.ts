export { identityRoutes, jwksRoutes } from './routes.ts'
export type { User } from './schema.ts'
export { createIdentity, type Identity } from './service.ts'
export type { Grant } from './sessions.ts'
