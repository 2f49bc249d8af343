import type { Infra } from '../../db/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Money } from '../kernel/pure/money.ts'
import type { Orders } from '../orders/index.ts'
import type { Mails } from './mails.ts'
import { ACCOUNT_LETTERS, ORDER_LETTERS, type OrderFacts } from './pure/letters.ts'

type Needs = {
  identity: Pick<Identity, 'findMailRequest' | 'verificationLinkToken' | 'resetLinkToken'>
  orders: Pick<Orders, 'getOrder' | 'orderLinkToken'>
  mails: Pick<Mails, 'send'>
  mail: Pick<Infra['mail'], 'shopUrl'>
  now: Infra['now']
}

type Order = Awaited<ReturnType<Orders['getOrder']>>
export type OrderTemplate = keyof typeof ORDER_LETTERS

const HOUR_MS = 60 * 60 * 1000

function addressLines(order: Order): string[] {
  if (!order.shippingAddress) return []
  const { name, line1, line2, postalCode, city, region, country } = order.shippingAddress
  return [name, line1, line2, `${postalCode} ${city}`, region, country].flatMap((line) => (line ? [line] : []))
}

const times = ({ amount, currency }: Money, quantity: number): Money => ({ amount: amount * quantity, currency })

const factsOf = (order: Order, link: string, refund: Money | undefined): OrderFacts => ({
  number: order.number,
  link,
  lines: order.lines.map(({ name, colour, size, quantity, unitPrice }) => ({
    name,
    detail: `${colour.name}, ${size}`,
    quantity,
    total: times(unitPrice, quantity),
  })),
  totals: order.totals,
  address: addressLines(order),
  tracking: order.shipping.tracking ?? undefined,
  refund,
})

/** Which letter an event calls for, to whom, and with what link. A person who is gone gets none. */
export function createLetters({ identity, orders, mails, mail, now }: Needs) {
  return {
    /** `refund` makes it a letter of its own for each refund. */
    async mailOrder(template: OrderTemplate, orderId: string, refund?: { id: string; amount: Money }): Promise<void> {
      const order = await orders.getOrder(orderId)
      if (order.email === null) return
      const link = `${mail.shopUrl}/orders/${orderId}?token=${encodeURIComponent(orders.orderLinkToken(orderId))}`
      const letter = ORDER_LETTERS[template](factsOf(order, link, refund?.amount))
      await mails.send({
        key: `${template}:${refund?.id ?? orderId}`,
        template,
        subjectId: orderId,
        to: order.email,
        letter,
      })
    },

    /** Proof of an address, a new password, or news of the account: the request says which. */
    async mailAccount(requestId: string): Promise<void> {
      const request = await identity.findMailRequest(requestId)
      if (!request) return
      const { kind, userId, email: to, expiresAt } = request
      const hours = (expiresAt.getTime() - now().getTime()) / HOUR_MS
      if (hours <= 0) return
      const send = (template: keyof typeof ACCOUNT_LETTERS, letter: Parameters<Mails['send']>[0]['letter']) =>
        mails.send({ key: `${template}:${requestId}`, template, subjectId: userId, to, letter })
      const linkTo = (path: string, token: string) => `${mail.shopUrl}${path}?token=${encodeURIComponent(token)}`
      if (kind === 'changed')
        return send('email_changed', ACCOUNT_LETTERS.email_changed({ link: `${mail.shopUrl}/forgot-password` }))
      if (kind === 'verify' || kind === 'change') {
        const link = linkTo('/verify-email', identity.verificationLinkToken(requestId))
        return send('verify_email', ACCOUNT_LETTERS.verify_email({ link, hours }))
      }
      const link = linkTo('/reset-password', identity.resetLinkToken(requestId))
      if (kind === 'known') return send('already_registered', ACCOUNT_LETTERS.already_registered({ link }))
      return send('reset_password', ACCOUNT_LETTERS.reset_password({ link, hours }))
    },
  }
}
