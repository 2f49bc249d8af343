import type { MiddlewareHandler } from 'hono'

type Sources = Record<string, string>

const SOURCES: Sources = {
  'default-src': "'self'",
  // WebAssembly needs its own permission to compile; it does not open `eval`.
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'media-src': "'self' blob:",
  'connect-src': "'self' data: blob:",
  'worker-src': "'self' blob:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
}

const policy = (sources: Sources) =>
  Object.entries(sources)
    .map(([name, allowed]) => `${name} ${allowed}`)
    .join('; ')

/** COOP with COEP isolates the page, which is what lets WebAssembly use threads. */
const HEADERS: Record<string, string> = {
  'content-security-policy': policy(SOURCES),
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}

/**
 * Of the page with Stripe's payment element alone: its script and frames are Stripe's, as its guide to content security
 * policies lists them, and a page that embeds them cannot be isolated. A bank's own step may open a window.
 */
const STRIPE_SCRIPTS = 'https://js.stripe.com https://*.js.stripe.com'
const STRIPE_HEADERS: Record<string, string> = {
  ...HEADERS,
  'content-security-policy': policy({
    ...SOURCES,
    'script-src': `${SOURCES['script-src']} ${STRIPE_SCRIPTS}`,
    'connect-src': `${SOURCES['connect-src']} https://api.stripe.com`,
    'frame-src': `${STRIPE_SCRIPTS} https://hooks.stripe.com`,
  }),
  'permissions-policy':
    HEADERS['permissions-policy']?.replace('payment=()', 'payment=(self "https://js.stripe.com")') ?? '',
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'cross-origin-embedder-policy': 'unsafe-none',
}
/**
 * Of a mail as it is read, in a frame of the page that shows it: it runs nothing, sends nothing and fetches nothing, whatever
 * was written into it.
 */
const MAIL_HEADERS: Record<string, string> = {
  ...HEADERS,
  'content-security-policy': `sandbox; ${policy({
    'default-src': "'none'",
    'style-src': "'unsafe-inline'",
    'img-src': 'data:',
    'frame-ancestors': "'self'",
  })}`,
  'x-frame-options': 'SAMEORIGIN',
}
const MAIL_FRAME = /^\/admin\/mail\/[^/]+\/html$/

const PAYMENT_PAGE = /^\/orders\/[^/]+\/pay$/

function headersOf(path: string, stripe: boolean): Record<string, string> {
  if (MAIL_FRAME.test(path)) return MAIL_HEADERS
  return stripe && PAYMENT_PAGE.test(path) ? STRIPE_HEADERS : HEADERS
}

/** On every answer, errors included. With `stripe` the page to pay at may embed Stripe, and no other page. */
export const securityHeaders =
  ({ stripe }: { stripe: boolean }): MiddlewareHandler =>
  async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headersOf(c.req.path, stripe))) c.res.headers.set(name, value)
  }
