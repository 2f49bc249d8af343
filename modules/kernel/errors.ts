/** One table: the code a module throws, the status the edge answers, and the title a reader sees. */
export const ERRORS = {
  invalid: { status: 400, title: 'The request does not match what this route takes' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'No such thing' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  conflict: { status: 409, title: 'It conflicts with what is stored' },
  too_large: { status: 413, title: 'The body is larger than this route takes' },
  unsupported_media_type: { status: 415, title: 'This route does not take that content type' },
  refused: { status: 422, title: 'Understood, and refused' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'Not ready' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** The caller cannot go on. The edge answers `ERRORS[code].status`; the CLI exits 2 below 500, else 1. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: Record<string, unknown> | undefined

  constructor(code: ErrorCode, message: string, details?: Record<string, unknown>) {
    super(message)
    this.code = code
    this.details = details
  }
}
