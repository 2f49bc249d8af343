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
export type DeadJob = z.infer<typeof DeadJobSchema>
