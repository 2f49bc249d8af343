export { auditRoutes } from './routes.ts'
export { type Audit, type AuditActor, createAudit, type Fault } from './service.ts'
