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
  DATABASE_URL: z.url().optional().describe('PostgreSQL to use; without it an embedded one runs under VAR_DIR.'),
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
  REDIS_URL: z.url().optional().describe('Redis for counters and marks; without it they live in this process.'),
  MASTER_KEYS: z.string().optional().describe('Wrap all other keys: `id:base64,...`, 32 bytes each, newest first.'),
  PUBLIC_URL: z.url().optional().describe('Where shoppers see the shop; without it, what their request says.'),
  OAUTH_PROVIDERS: z.string().optional().describe('Sign-in at others: JSON, see db/oauth-providers.ts.'),
  RATE_LIMIT: z.coerce.number().int().min(0).default(300).describe('Requests a minute on a route; 0 is no limit.'),
  WORKER: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether `serve` does the background work too; `worker` does it apart.'),
  SMTP_URL: z.url().optional().describe('Mail server, as smtp(s)://USER:PASSWORD@HOST:PORT.'),
  SENDGRID_API_KEY: z
    .string()
    .optional()
    .describe('Mail by SendGrid; without it and SMTP_URL mail stays here as .eml.'),
  MAIL_FROM: z.string().default('EshoTry <shop@localhost>').describe('Sender of mail.'),
  WEBHOOKS_ALLOW_PRIVATE: z.enum(['on', 'off']).default('off').describe('Webhooks to private addresses, for tests.'),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0).describe('Proxies of ours before the shop.'),
  SIGNING_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Signs blob URLs; without it one is made and kept in VAR_DIR.'),
  STRIPE_SECRET_KEY: z.string().optional().describe('Stripe, with the two below; without them it is not offered.'),
  STRIPE_PUBLISHABLE_KEY: z.string().optional().describe('What the payment page gives to Stripe.'),
  STRIPE_WEBHOOK_SECRET: z.string().optional().describe('Proves that a message is from Stripe.'),
  STRIPE_API_URL: z.url().optional().describe('Another Stripe than the real one.'),
  PAYPAL_CLIENT_ID: z.string().optional().describe('PayPal, with the two below; without them it is not offered.'),
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
  PAYMENTS_TEST: z.enum(['on', 'off']).default('off').describe('The test provider beside a real one.'),
})

export type Config = z.infer<typeof ConfigSchema>

/** Every variable the shop reads, once. Throws naming each variable that does not fit; empty ones count as absent. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const read = ConfigSchema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (read.success) return read.data
  throw new Error(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}
