import { type Address, ADDRESS_FIELDS, addressOf } from './address.ts'
import type { ShippingOption } from './cart.ts'
import type { FieldSpec } from './forms.ts'
import { type Problem, problemOf, sayProblem } from './forms.ts'
import { showMoney } from './money.ts'
import type { Visit } from './visit.ts'
import type { Money } from './views.ts'

export const CONTACT: FieldSpec = {
  name: 'email',
  label: 'Email',
  type: 'email',
  autocomplete: 'email',
  hint: 'For the confirmation, and a link to follow your order.',
  most: 254,
  wrong: 'Enter an email address, like name@example.com.',
}
export const DETAILS_FIELDS: readonly FieldSpec[] = [CONTACT, ...ADDRESS_FIELDS]

const DRAFT_COOKIE = 'checkout'
const HOUR = 1 / 24
/** Browsers keep 4,096 bytes of a cookie with its name and marks. */
const MOST_DRAFT = 3800

/** Any text in letters that a cookie may have. */
const pack = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, '')
const unpack = (packed: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)))

/** What was typed in the first step, on its way to the second: with the shopper, and not with us. */
export type Draft = { email: string; address: Address }

export function readDraft(visit: Visit): Draft | undefined {
  const text = visit.cookie(DRAFT_COOKIE)
  if (!text) return undefined
  try {
    const values = JSON.parse(unpack(text)) as Record<string, string>
    return { email: values['email'] ?? '', address: addressOf(values) }
  } catch {
    return undefined
  }
}

/** False when it does not fit into a cookie. */
export function keepDraft(visit: Visit, values: Record<string, string>): boolean {
  const text = pack(JSON.stringify(values))
  if (text.length > MOST_DRAFT) return false
  visit.keep(DRAFT_COOKIE, text, { days: HOUR, path: '/checkout' })
  return true
}

export const forgetDraft = (visit: Visit): void => visit.keep(DRAFT_COOKIE, '', { days: 0, path: '/checkout' })

/** How an order can be paid here. */
export async function listProviders(visit: Visit) {
  const answer = await visit.api.v1.payments.providers.$get()
  return answer.ok ? (await answer.json()).items : []
}
export type Provider = Awaited<ReturnType<typeof listProviders>>[number]

type Order = {
  cartId: string
  draft: Draft
  option: string
  provider: string
  /** What the shopper was shown. */
  expectedTotal: Money
  /** The same for the same press of the button, so that pressing twice orders once. */
  key: string
}

type Placed = { ok: true; orderId: string; token: string; toPay: boolean } | { ok: false; problem: Problem }

export async function placeOrder(visit: Visit, order: Order): Promise<Placed> {
  const { cartId, draft, option, provider, expectedTotal, key } = order
  const json = {
    cartId,
    email: draft.email,
    shippingAddress: draft.address,
    shippingOption: option,
    payment: { provider },
    expectedTotal,
  }
  const answer = await visit.api.v1.checkout.$post({ json }, { headers: { 'idempotency-key': key } })
  if (!answer.ok) return { ok: false, problem: await problemOf(answer) }
  const { order: placed, payment, orderToken } = await answer.json()
  return { ok: true, orderId: placed.id, token: orderToken, toPay: payment.kind !== 'none' }
}

type Shown = { shown: Money; options: ShippingOption[]; option: string }

/** Why the order was not taken, and what to do about it. */
export function sayRefusal(problem: Problem, { shown, options, option }: Shown): string {
  const { reason, name, available, code } = problem.details
  const now = options.find(({ id }) => id === option)?.totals.total
  if (reason === 'price_changed')
    return now
      ? `A price has changed: it comes to ${showMoney(now)} now, not ${showMoney(shown)}. Nothing was ordered. If that is fine with you, press the button again.`
      : 'A price has changed. Nothing was ordered: look at the sum, and press the button again if it is fine with you.'
  if (reason === 'coupon_refused' || code !== undefined)
    return `The coupon ${String(code)} does not hold any more. Nothing was ordered: take it out of your bag, or go on without it.`
  if (reason === 'insufficient_stock')
    return Number(available) > 0
      ? `There are only ${String(available)} left of ${String(name)}. Nothing was ordered: take fewer in your bag.`
      : `${String(name)} was sold out a moment ago. Nothing was ordered: take it out of your bag to go on.`
  return sayProblem(problem)
}
