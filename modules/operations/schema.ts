import { z } from '@hono/zod-openapi'

export const DeadJobSchema = z
  .object({
    id: z.uuid(),
    name: z.string().openapi({ example: 'orders.placed:mail' }),
    payload: z.record(z.string(), z.unknown()).openapi({ description: 'Ids, never personal data' }),
    attempts: z.int(),
    error: z.string(),
    createdAt: z.iso.datetime(),
    diedAt: z.iso.datetime(),
  })
  .openapi('DeadJob')

export const WaitingJobSchema = DeadJobSchema.pick({ id: true, name: true, payload: true })
  .extend({ failures: z.int(), createdAt: z.iso.datetime(), dueAt: z.iso.datetime() })
  .openapi('WaitingJob')
export type WaitingJob = z.infer<typeof WaitingJobSchema>
export type DeadJob = z.infer<typeof DeadJobSchema>
