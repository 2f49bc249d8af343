import { z } from 'zod'

const ProvidersSchema = z.array(
  z.object({
    /** Part of the address to come back to: `/v1/auth/oauth/{id}/callback`. */
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    name: z.string().min(1).max(60),
    issuer: z.url(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    scope: z.string().default('openid email'),
    /** Apple sends what it answers as a form. */
    responseMode: z.enum(['query', 'form_post']).default('query'),
  }),
)

export type OAuthProvider = z.infer<typeof ProvidersSchema>[number]

/** OAUTH_PROVIDERS as JSON; throws naming what does not fit, never a secret. */
export function readOAuthProviders(text: string | undefined): readonly OAuthProvider[] {
  if (text === undefined) return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('OAUTH_PROVIDERS: not JSON')
  }
  const read = ProvidersSchema.safeParse(value)
  if (read.success) return read.data
  throw new Error(read.error.issues.map((at) => `OAUTH_PROVIDERS: ${at.path.join('.')}: ${at.message}`).join('\n'))
}
