import { formatMoney, type Money } from '../../kernel/pure/money.ts'
import type { Block, Letter } from './letter.ts'

/** What the letters about an order say of it. `lines` have the total of the line; `link` leads to the order. */
export type OrderFacts = {
  number: string
  link: string
  lines: { name: string; detail: string; quantity: number; total: Money }[]
  totals: { items: Money; discount: Money; shipping: Money; tax: Money; taxIncluded: boolean; total: Money }
  address: string[]
  tracking?: { carrier: string; code: string; url?: string | undefined } | undefined
  refund?: Money | undefined
}

const money = (value: Money) => formatMoney(value, 'en')

const items = ({ lines }: OrderFacts): Block => ({
  kind: 'items',
  items: lines.map(({ name, detail, quantity, total }) => ({
    name,
    detail: [detail, quantity > 1 ? `${quantity} pieces` : ''].filter(Boolean).join(', '),
    price: money(total),
  })),
})

const sums = ({ totals: { items: goods, discount, shipping, tax, taxIncluded, total } }: OrderFacts): Block => ({
  kind: 'sums',
  sums: [
    { label: 'Items', amount: money(goods) },
    ...(discount.amount === 0 ? [] : [{ label: 'Discount', amount: `−${money(absolute(discount))}` }]),
    { label: 'Shipping', amount: shipping.amount === 0 ? 'Free' : money(shipping) },
    ...(taxIncluded ? [] : [{ label: 'Tax', amount: money(tax) }]),
    { label: taxIncluded ? `Total, with ${money(tax)} tax in it` : 'Total', amount: money(total), strong: true },
  ],
})
const absolute = ({ amount, currency }: Money): Money => ({ amount: Math.abs(amount), currency })

const address = (order: OrderFacts): Block[] =>
  order.address.length > 0 ? [{ kind: 'address', label: 'It goes to', lines: order.address }] : []

const parcel = ({ tracking }: OrderFacts): Block[] => {
  if (!tracking) return []
  const text: Block = { kind: 'text', text: `${tracking.carrier}, parcel ${tracking.code}` }
  return tracking.url && /^https?:/.test(tracking.url)
    ? [text, { kind: 'button', label: 'Follow the parcel', url: tracking.url }]
    : [text]
}

const follow = ({ link }: OrderFacts): Block => ({ kind: 'button', label: 'See your order', url: link })

const refundText = ({ number, refund }: OrderFacts) =>
  refund
    ? `We have sent ${money(refund)} of your order ${number} back the way you paid. Your bank may take a few days to show it.`
    : `We have sent back what you paid for your order ${number}. Your bank may take a few days to show it.`

export const ORDER_LETTERS = {
  order_placed: (order: OrderFacts): Letter => ({
    subject: `Your order ${order.number}`,
    title: 'Thank you for your order',
    preview: `We have your order ${order.number}.`,
    blocks: [
      { kind: 'text', text: `We have your order ${order.number} and keep its pieces for you until it is paid.` },
      items(order),
      sums(order),
      ...address(order),
      follow(order),
    ],
  }),
  order_paid: (order: OrderFacts): Letter => ({
    subject: `Your payment for order ${order.number}`,
    title: 'Your payment has arrived',
    preview: `Order ${order.number} is paid. We pack it next.`,
    blocks: [
      { kind: 'text', text: `Your order ${order.number} is paid: ${money(order.totals.total)}. We pack it next.` },
      items(order),
      sums(order),
      follow(order),
    ],
  }),
  order_shipped: (order: OrderFacts): Letter => ({
    subject: `Your order ${order.number} is on its way`,
    title: 'It is on its way',
    preview: `Order ${order.number} has left us.`,
    blocks: [
      { kind: 'text', text: `Your order ${order.number} has left us.` },
      ...parcel(order),
      items(order),
      ...address(order),
      follow(order),
    ],
  }),
  order_refunded: (order: OrderFacts): Letter => ({
    subject: `Your refund for order ${order.number}`,
    title: 'Your money is on its way back',
    preview: `A refund for order ${order.number}.`,
    blocks: [{ kind: 'text', text: refundText(order) }, follow(order)],
  }),
  order_cancelled: (order: OrderFacts): Letter => ({
    subject: `Your order ${order.number} is cancelled`,
    title: 'Your order is cancelled',
    preview: `Order ${order.number} will not be sent.`,
    blocks: [
      {
        kind: 'text',
        text: `Your order ${order.number} is cancelled and will not be sent. What you may have paid for it comes back to you.`,
      },
      items(order),
      follow(order),
    ],
  }),
}

const ignore = (what: string): Block => ({ kind: 'small', text: `If that was not you, ${what}` })

/** Letters about an account; `link` carries the token and holds for `hours`. */
export const ACCOUNT_LETTERS = {
  verify_email: ({ link, hours }: { link: string; hours: number }): Letter => ({
    subject: 'Confirm your mail address',
    title: 'Is this your mail address?',
    preview: 'One click, and it is confirmed.',
    blocks: [
      { kind: 'text', text: 'Confirm that this is your address, so that we can reach you about your orders.' },
      { kind: 'button', label: 'Confirm my address', url: link },
      { kind: 'small', text: `The link holds for ${hoursText(hours)}.` },
      ignore('do nothing: without a click nothing happens.'),
    ],
  }),
  reset_password: ({ link, hours }: { link: string; hours: number }): Letter => ({
    subject: 'Choose a new password',
    title: 'Choose a new password',
    preview: 'You asked for a new password.',
    blocks: [
      { kind: 'text', text: 'Somebody, we hope you, asked for a new password for this account.' },
      { kind: 'button', label: 'Choose a new password', url: link },
      { kind: 'small', text: `The link holds for ${hoursText(hours)} and works once.` },
      ignore('do nothing: your password stays as it is.'),
    ],
  }),
  already_registered: ({ link }: { link: string }): Letter => ({
    subject: 'You have an account already',
    title: 'You have an account already',
    preview: 'Somebody tried to register with your address.',
    blocks: [
      {
        kind: 'text',
        text: 'Somebody, we hope you, tried to register with this address, which has an account already.',
      },
      { kind: 'text', text: 'Sign in with your password; if you have forgotten it, choose a new one.' },
      { kind: 'button', label: 'Choose a new password', url: link },
      ignore('do nothing: nothing has changed.'),
    ],
  }),
  email_changed: ({ link }: { link: string }): Letter => ({
    subject: 'Your mail address was changed',
    title: 'Your mail address was changed',
    preview: 'Your account has another mail address now.',
    blocks: [
      { kind: 'text', text: 'Your account has another mail address now. This one no longer signs you in.' },
      { kind: 'small', text: 'If that was not you, choose a new password at once and tell us.' },
      { kind: 'button', label: 'Choose a new password', url: link },
    ],
  }),
}

const hoursText = (hours: number): string => {
  if (hours < 1) return `${Math.round(hours * 60)} minutes`
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return hours === 1 ? 'an hour' : `${Math.round(hours)} hours`
}
