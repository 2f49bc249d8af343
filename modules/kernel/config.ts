import { z } from 'zod'

const ConfigSchema = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(3000)
    .describe('Port the shop listens on; 0 takes a free one.'),
  HOST: z.string().default('0.0.0.0').describe('Address the shop listens on.'),
  VAR_DIR: z.string().min(1).default('var').describe('Folder of everything the shop keeps on this machine.'),
  DATABASE_URL: z.url().optional().describe('PostgreSQL 15 or later; without it an embedded one runs under VAR_DIR.'),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(16)
    .describe('Most SQL connections this process opens.'),
  MONGODB_URL: z.url().optional().describe('MongoDB for documents; without it they are JSONB in PostgreSQL.'),
  S3_URL: z
    .url()
    .optional()
    .describe('Blobs in S3, as http(s)://KEY:SECRET@HOST/BUCKET?region=R; without it files in VAR_DIR.'),
  REDIS_URL: z
    .url()
    .optional()
    .describe(
      'Redis for limits, lockouts, ended sessions; needed where several processes serve. Without it, in this process.',
    ),
  SEARCH_READERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe('Threads that answer searches; without it one for each core, two at most.'),
  MASTER_KEYS: z
    .string()
    .optional()
    .describe(
      'Wrap the keys of personal data: `id:base64,...`, 32 bytes each, newest first; the same on every machine. Without it one is made and kept in VAR_DIR.',
    ),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      'Where shoppers see the shop; cookies are Secure when it is https, and passkeys and providers need it behind a proxy. Without it, what the request says.',
    ),
  OAUTH_PROVIDERS: z
    .string()
    .optional()
    .describe(
      'Sign-in at others: `[{"id","name","issuer","clientId","clientSecret"}]`; come back to /v1/auth/oauth/{id}/callback.',
    ),
  RATE_LIMIT: z.coerce
    .number()
    .int()
    .min(0)
    .default(300)
    .describe('Requests a minute of one caller on one route; 0 is no limit.'),
  WORKER: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether `serve` does the background work too; `worker` does it apart.'),
  SMTP_URL: z
    .url()
    .optional()
    .describe('Mail server, as smtp(s)://USER:PASSWORD@HOST:PORT; a password goes over TLS alone.'),
  SENDGRID_API_KEY: z
    .string()
    .optional()
    .describe('Mail by SendGrid; without it and SMTP_URL mail is kept and read at /admin/mail.'),
  MAIL_FROM: z.string().default('EshoTry <shop@localhost>').describe('Sender of mail.'),
  WEBHOOKS_ALLOW_PRIVATE: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Webhooks may go to http and to private addresses, for tests and a developer’s machine.'),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('How many proxies of ours stand before the shop, whose X-Forwarded-For counts.'),
  SIGNING_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Signs blob links; the same on every machine. Without it one is made and kept in VAR_DIR.'),
  STRIPE_SECRET_KEY: z
    .string()
    .optional()
    .describe(
      'Cards through Stripe, with the two below; without them it is not offered. It tells /v1/webhooks/stripe.',
    ),
  STRIPE_PUBLISHABLE_KEY: z.string().optional().describe('What the payment page gives to Stripe.'),
  STRIPE_WEBHOOK_SECRET: z.string().optional().describe('Proves that a message is from Stripe.'),
  STRIPE_API_URL: z.url().optional().describe('Another Stripe than the real one.'),
  PAYPAL_CLIENT_ID: z
    .string()
    .optional()
    .describe('PayPal, with the two below; without them it is not offered. It tells /v1/webhooks/paypal.'),
  PAYPAL_CLIENT_SECRET: z.string().optional().describe('Proves to PayPal that it is us.'),
  PAYPAL_WEBHOOK_ID: z.string().optional().describe('Proves that a message is from PayPal.'),
  PAYPAL_API_URL: z.url().optional().describe('Another PayPal than the real one, such as its sandbox.'),
  RECOMMEND_WEIGHTS: z
    .string()
    .regex(/^\d*\.?\d+(,\d*\.?\d+){2}$/)
    .transform((text) => text.split(',').map(Number))
    .transform(([collaborative = 0, content = 0, knowledge = 0]) => ({ collaborative, content, knowledge }))
    .optional()
    .describe('What others, likeness and rules count for in recommendations, as 0.4,0.4,0.2; without it, as learned.'),
  PAYMENTS_TEST: z
    .enum(['on', 'off'])
    .default('off')
    .describe('The test payment, which moves no money, beside a real one; alone it is always there.'),
})

export type Config = z.infer<typeof ConfigSchema>

/** Every variable the shop reads: its name, what it is, and what it is when nobody says. */
export const listSettings = (): { name: string; about: string; byDefault: string | undefined }[] =>
  Object.entries(ConfigSchema.shape).map(([name, schema]) => {
    const unsaid = schema.safeParse(undefined).data
    return { name, about: schema.description ?? '', byDefault: unsaid === undefined ? undefined : String(unsaid) }
  })

/** Every variable the shop reads, once. Throws naming each variable that does not fit; empty ones count as absent. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const read = ConfigSchema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (read.success) return read.data
  throw new Error(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}
