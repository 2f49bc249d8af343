import { z } from '@hono/zod-openapi'
import type { Role } from '../kernel/access.ts'
import { PageQuerySchema } from '../kernel/http.ts'

const ROLES = ['customer', 'retailer', 'admin'] as const satisfies readonly Role[]
export const RoleSchema = z.enum(ROLES).openapi('Role')

/** One spelling for each address: without space around it, in small letters. */
export const EmailSchema = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.normalize('NFC').toLowerCase())
  .pipe(z.email())
  .openapi({ type: 'string', format: 'email', example: 'ada@example.com' })

/** NIST SP 800-63B: length is what counts, and no rule about signs; the upper end keeps hashing short. */
export const PasswordSchema = z.string().min(10).max(256).openapi({ format: 'password' })
const GivenPasswordSchema = z.string().min(1).max(256).openapi({ format: 'password' })
const TokenSchema = z.string().min(1).max(200)
const LocaleSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .max(20)
  .openapi({ example: 'en' })

export const RegisterSchema = z.object({
  email: EmailSchema,
  password: PasswordSchema,
  locale: LocaleSchema.optional(),
})
export const LoginSchema = z.object({ email: EmailSchema, password: GivenPasswordSchema })
export const ForgotPasswordSchema = z.object({ email: EmailSchema })
export const VerifyEmailSchema = z.object({ token: TokenSchema })
export const ResetPasswordSchema = z.object({ token: TokenSchema, password: PasswordSchema })
export const ChangeEmailSchema = z.object({ email: EmailSchema, password: GivenPasswordSchema })
export const ChangePasswordSchema = z.object({ current: GivenPasswordSchema, next: PasswordSchema })

export const UserSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: RoleSchema,
    emailVerified: z.boolean(),
    locale: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('User')
export type User = z.infer<typeof UserSchema>

/** The refresh token is in the HttpOnly cookie alone. */
export const SignedInSchema = z
  .object({
    accessToken: z.string().openapi({ description: 'Send it as `Authorization: Bearer`' }),
    expiresAt: z.iso.datetime(),
    user: UserSchema,
  })
  .openapi('SignedIn')

export const AcceptedSchema = z.object({ status: z.literal('accepted') }).openapi('Accepted')
export const DoneSchema = z.object({ status: z.literal('done') }).openapi('Done')

export const SessionSchema = z
  .object({
    id: z.uuid(),
    client: z.string().openapi({ description: 'What the browser called itself when it signed in' }),
    current: z.boolean(),
    createdAt: z.iso.datetime(),
    usedAt: z.iso.datetime(),
  })
  .openapi('Session')

export const UserQuerySchema = PageQuerySchema.extend({
  email: EmailSchema.optional().openapi({ description: 'The whole address' }),
  role: RoleSchema.optional(),
})
export type UserQuery = z.infer<typeof UserQuerySchema>

export const RoleChangeSchema = z.object({ role: RoleSchema })
export const IdSchema = z.object({ id: z.uuid() })

export const JwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kid: z.string(),
        kty: z.string(),
        crv: z.string(),
        x: z.string(),
        alg: z.string(),
        use: z.string(),
      }),
    ),
  })
  .openapi('JsonWebKeySet')

/** Made and read by browsers; what matters in it is checked by its signature. */
export const PasskeyResponseSchema = z
  .looseObject({
    id: z.string().max(1400),
    rawId: z.string().max(1400),
    type: z.literal('public-key'),
    response: z.looseObject({ clientDataJSON: z.string().max(10_000) }),
    clientExtensionResults: z.looseObject({}).default({}),
  })
  .openapi('PasskeyResponse')
export const PasskeyOptionsSchema = z
  .object({ options: z.record(z.string(), z.unknown()) })
  .openapi('PasskeyOptions', { description: 'As WebAuthn’s `parse...OptionsFromJSON` takes them' })
export const NewPasskeySchema = z.object({
  response: PasskeyResponseSchema,
  name: z.string().trim().min(1).max(60).default('Passkey'),
})
export const PasskeySchema = z
  .object({ id: z.string(), name: z.string(), createdAt: z.iso.datetime(), usedAt: z.iso.datetime().nullable() })
  .openapi('Passkey')
