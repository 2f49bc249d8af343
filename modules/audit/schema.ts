import { z } from '@hono/zod-openapi'
import { PageQuerySchema } from '../kernel/http.ts'

export const AuditEntrySchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    actor: z.string().openapi({ example: 'user:0198c0de-0000-7000-8000-000000000000' }),
    role: z.string().nullable(),
    action: z.string().openapi({ example: 'orders.refund' }),
    subject: z.string().openapi({ example: 'order:0198c0de-0000-7000-8000-000000000001' }),
    details: z.record(z.string(), z.unknown()),
    seq: z.int().nullable().openapi({ description: 'Its place in the sealed chain; null until it is sealed' }),
    hash: z.string().nullable(),
  })
  .openapi('AuditEntry')
export type AuditEntry = z.infer<typeof AuditEntrySchema>

export const VerdictSchema = z
  .object({
    entries: z.int().openapi({ description: 'Sealed ones' }),
    head: z.string().openapi({ description: '`seq:hash` of the last entry' }),
    faults: z.array(z.object({ kind: z.enum(['altered', 'unlinked', 'reordered', 'missing', 'head']), seq: z.int() })),
  })
  .openapi('AuditVerdict')

export const AuditQuerySchema = PageQuerySchema.extend({
  actor: z.string().max(200).optional(),
  action: z.string().max(200).optional(),
  subject: z.string().max(200).optional(),
})
export type AuditQuery = z.infer<typeof AuditQuerySchema>
