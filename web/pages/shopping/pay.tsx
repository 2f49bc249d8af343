import { Bill } from '../../parts/bill.tsx'
import { Trouble } from '../../parts/form.tsx'
import type { Frame } from '../../parts/layout.tsx'
import { showMoney } from '../../state/money.ts'
import { type ClientAction, type Key, type Order, orderPath } from '../../state/orders.ts'
import { clockText } from '../../state/times.ts'
import { AddressText, CheckoutStep, Choice, Choices } from './checkout.tsx'
import { sayFailure } from './order.tsx'

type PayPageProps = {
  frame: Frame
  order: Order
  access: Key
  /** Undefined when the provider does not answer. */
  action: ClientAction | undefined
  trouble?: string | undefined
  /** The bank wants to hear it from the shopper once more. */
  confirming?: boolean
}

export const DECLINED = 'The card was declined. Nothing was taken, and your bag is as it was. Try another card.'

/** The last step: the payment of an order that is placed and keeps its pieces. */
export function PayPage({ frame, order, access, action, trouble, confirming = false }: PayPageProps) {
  return (
    <CheckoutStep
      frame={frame}
      step={3}
      title="Payment"
      islands={action?.kind === 'stripe' ? ['stripe'] : []}
      aside={<OrderInShort order={order} />}
    >
      <Trouble state={{ values: {}, errors: {}, trouble }} />
      {order.payment.payUntil && !order.payment.failure && trouble !== DECLINED && (
        <p class="mb-6 text-soft">
          Order {order.number} is placed, and its pieces are kept for you until{' '}
          <time dateTime={order.payment.payUntil}>{clockText(order.payment.payUntil)}</time>.
        </p>
      )}
      {action ? <Action {...{ order, access, action, confirming }} /> : <Renew order={order} access={access} />}
      <p class="mt-8 text-[0.95rem]">
        <a href={orderPath(access)} class="quiet">
          See the order
        </a>
      </p>
    </CheckoutStep>
  )
}

function OrderInShort({ order }: { order: Order }) {
  return (
    <>
      <h2 class="heading text-2xl">Order {order.number}</h2>
      <ul class="mt-3 mb-4 text-[0.95rem]">
        {order.lines.map(({ id, name, colour, size, quantity, total }) => (
          <li key={id} class="flex justify-between gap-4 py-1.5">
            <p>
              {name}{' '}
              <span class="block text-sm text-soft">
                {colour.name}, {size}
                {quantity > 1 && `, ${quantity} pieces`}
              </span>
            </p>
            <p class="tabular-nums">{showMoney(total)}</p>
          </li>
        ))}
      </ul>
      <Bill
        {...order.totals}
        coupons={order.coupons.map(({ code }) => code)}
        shipping={{ name: `Delivery, ${order.shipping.name}`, price: order.totals.shipping }}
        tax={{ amount: order.totals.tax, included: order.totals.taxIncluded }}
      />
      {order.shippingAddress && (
        <div class="mt-5 pt-5 border-t border-line">
          <AddressText address={order.shippingAddress} />
        </div>
      )}
    </>
  )
}

/** After a try that failed the pieces are free for others, so the next one begins by taking them again. */
function Renew({ order, access }: { order: Order; access: Key }) {
  return (
    <form method="post" action={orderPath(access, 'pay')}>
      {order.payment.failure && (
        <p class="mb-6">
          The last try to pay failed: {sayFailure(order.payment.failure)}. Nothing was taken. The pieces are kept for
          you again as soon as you try once more.
        </p>
      )}
      <button name="renew" value="yes" class="solid">
        Try again
      </button>
    </form>
  )
}

type ActionProps = { order: Order; access: Key; action: ClientAction; confirming: boolean }

function Action({ order, access, action, confirming }: ActionProps) {
  const amount = showMoney(order.totals.total)
  if (action.kind === 'redirect')
    return (
      <>
        <p class="mb-6">You pay at the provider’s own site and come back here.</p>
        <a href={action.url} class="solid">
          Continue and pay {amount}
        </a>
      </>
    )
  if (action.kind === 'stripe') return <StripeForm {...{ action, amount }} returnTo={orderPath(access)} />
  return confirming ? <ConfirmForm {...{ access, amount }} /> : <TestForm {...{ access, amount }} />
}

/** Filled by the provider's own script in a frame of its own: what is typed there never reaches this shop. */
function StripeForm({
  action,
  amount,
  returnTo,
}: {
  action: ClientAction & { kind: 'stripe' }
  amount: string
  returnTo: string
}) {
  return (
    <>
      <form
        data-stripe
        data-key={action.publishableKey}
        data-secret={action.clientSecret}
        data-return={returnTo}
        class="js-only"
        aria-label="Card"
      >
        <div data-stripe-element class="min-h-48" />
        <p data-stripe-said role="alert" class="mt-3 text-alert empty:hidden" />
        <button type="submit" class="solid w-full sm:w-auto mt-6" disabled>
          Pay {amount}
        </button>
      </form>
      <p class="no-js">
        Paying by card needs JavaScript, as the fields belong to the payment provider. Your order is kept: switch it on
        and open this page again.
      </p>
    </>
  )
}

const METHODS = [
  { value: 'success', name: 'A card that pays', hint: 'The order is paid.' },
  { value: 'decline', name: 'A card that is declined', hint: 'Nothing is taken; another try is possible.' },
  { value: 'confirm', name: 'A card that asks back', hint: 'The bank wants it confirmed, as with a code.' },
  { value: 'timeout', name: 'A bank that is slow', hint: 'The answer comes a minute later.' },
]

function TestForm({ access, amount }: { access: Key; amount: string }) {
  return (
    <form method="post" action={orderPath(access, 'pay')}>
      <TestMark />
      <Choices legend="Test card">
        {METHODS.map(({ value, name, hint }, index) => (
          <Choice key={value} name="method" value={value} checked={index === 0}>
            <span>
              {name}
              <span class="block text-sm text-soft">{hint}</span>
            </span>
          </Choice>
        ))}
      </Choices>
      <button type="submit" class="solid w-full sm:w-auto mt-6">
        Pay {amount} (test)
      </button>
    </form>
  )
}

function ConfirmForm({ access, amount }: { access: Key; amount: string }) {
  return (
    <form method="post" action={orderPath(access, 'pay')}>
      <TestMark />
      <h2 class="heading text-2xl">Your bank asks: was it you?</h2>
      <p class="mt-3">A real bank would send a code, or open its app. Here a press is enough.</p>
      <div class="mt-6 flex flex-wrap gap-3">
        <button name="method" value="confirm" class="solid">
          Yes, pay {amount} (test)
        </button>
        <button name="method" value="decline" class="outline">
          No
        </button>
      </div>
    </form>
  )
}

function TestMark() {
  return (
    <p class="mb-6 border border-dashed border-ink px-5 py-4">
      <strong class="font-medium">Test payment.</strong> This shop is not connected to a payment provider: no card is
      asked for and no money moves.
    </p>
  )
}
