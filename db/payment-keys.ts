import type { Config } from '../modules/kernel/config.ts'

export type StripeKeys = {
  secretKey: string
  publishableKey: string
  webhookSecret: string
  apiUrl: string | undefined
}
export type PaypalKeys = { clientId: string; clientSecret: string; webhookId: string; apiUrl: string | undefined }

/** Which payment providers there are, and what they need. A provider exists when its keys are set. */
export type PaymentKeys = {
  stripe: StripeKeys | undefined
  paypal: PaypalKeys | undefined
  /** The test provider: on its own, or beside the others when asked for. */
  test: boolean
  /** Where a provider sends the shopper back to, without a slash at the end. */
  baseUrl: string
}

/** Throws naming what is missing when the keys of a provider are set in part. */
export function readPaymentKeys(config: Config): PaymentKeys {
  const stripe = allOrNone(config, ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'])
  const paypal = allOrNone(config, ['PAYPAL_CLIENT_ID', 'PAYPAL_CLIENT_SECRET', 'PAYPAL_WEBHOOK_ID'])
  return {
    stripe: stripe && {
      secretKey: stripe[0],
      publishableKey: stripe[1],
      webhookSecret: stripe[2],
      apiUrl: config.STRIPE_API_URL,
    },
    paypal: paypal && {
      clientId: paypal[0],
      clientSecret: paypal[1],
      webhookId: paypal[2],
      apiUrl: config.PAYPAL_API_URL?.replace(/\/+$/, ''),
    },
    test: config.PAYMENTS_TEST === 'on' || (!stripe && !paypal),
    baseUrl: (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/+$/, ''),
  }
}

function allOrNone(
  config: Config,
  names: [keyof Config, keyof Config, keyof Config],
): [string, string, string] | undefined {
  const missing = names.filter((name) => config[name] === undefined)
  if (missing.length === names.length) return undefined
  if (missing.length > 0)
    throw new Error(`${missing.join(', ')}: needed beside ${names.filter((n) => config[n]).join(', ')}`)
  return names.map((name) => String(config[name])) as [string, string, string]
}
