import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { AppEnv } from './access.ts'
import { AppError, ERRORS, type ErrorCode } from './errors.ts'

/** RFC 9457. `code` is ours and stable: integrators switch on it, people read `title` and `detail`. */
export const ProblemSchema = z
  .object({
    type: z.string().openapi({ example: '/problems/not_found' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('Problem')

type Problem = z.infer<typeof ProblemSchema>

/** An OpenAPI response that carries a problem. */
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemSchema } },
})

/** An OpenAPI response that carries JSON. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

export function toProblem(error: Pick<AppError, 'code' | 'message' | 'details'>, requestId: string): Problem {
  const { status, title } = ERRORS[error.code]
  const body = { type: `/problems/${error.code}`, title, status, code: error.code, detail: error.message, requestId }
  return error.details ? { ...body, details: error.details } : body
}

/** A module's router: what zod refuses becomes one `invalid` problem naming each field. */
export function createRouter() {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return
      const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
      throw new AppError('invalid', `The ${result.target} does not match`, { issues })
    },
  })
}

/** Query of every list: `{ items, nextCursor }` comes back, and `nextCursor` goes in as `cursor`. */
export const PageQuerySchema = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(24),
})

/** The answer of every list; `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
