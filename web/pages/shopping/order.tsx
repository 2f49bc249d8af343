import { AddressText } from './checkout.tsx'
import { Bill } from '../../parts/bill.tsx'
import { News, Trouble } from '../../parts/form.tsx'
import { type Frame, Layout } from '../../parts/layout.tsx'
import { Picture } from '../../parts/picture.tsx'
import type { FormState } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import { type Key, type Order, type OrderLine, orderPath } from '../../state/orders.ts'
import { pictureOf } from '../../state/shapes.ts'
import { clockText, momentText } from '../../state/times.ts'
import { RETURN_FIELDS, ReturnForm, Returns } from './returns.tsx'

const HEADLINES: Record<Order['status'], { title: string; text: string }> = {
  pending: { title: 'Waiting for your payment', text: 'Your pieces are kept for you until it arrives.' },
  paid: { title: 'Thank you, it is paid', text: 'We pack it next, and write to you when it leaves.' },
  packed: { title: 'It is packed', text: 'It waits for the carrier.' },
  shipped: { title: 'It is on its way', text: 'The carrier has it.' },
  delivered: { title: 'It has arrived', text: 'Something does not fit? You have 30 days to send it back.' },
  cancelled: { title: 'This order is cancelled', text: 'It will not be sent.' },
  return_requested: {
    title: 'Your return is announced',
    text: 'Send the pieces back; we refund them when they are here.',
  },
  returned: { title: 'Your return has arrived', text: 'The refund is on its way.' },
  refunded: { title: 'Your money is on its way back', text: 'Your bank may take a few days to show it.' },
}

/** What the provider says before the order has been told. */
const SETTLING = {
  succeeded: { title: 'Thank you, it is paid', text: 'Your payment has arrived and is being noted.' },
  processing: {
    title: 'Your bank is thinking',
    text: 'It has not answered yet. You need to do nothing: we write to you, and this page shows it when it has.',
  },
}

const CANCELLED: Record<string, string> = {
  by_customer: 'You have called it off.',
  by_shop: 'We had to call it off.',
  superseded: 'You have placed a newer one in its stead.',
  expired: 'It was not paid in time, so its pieces went back on sale.',
  sold_out: 'The payment came late and the pieces were gone. Your money comes back.',
}

const NEWS: Record<string, string> = {
  placed: 'Your order is placed.',
  cancelled: 'The order is called off.',
  returned: 'Your return is announced.',
}

type OrderPageProps = {
  frame: Frame
  order: Order
  access: Key
  /** How the payment of an order that waits for it stands at the provider. */
  payment?: string | undefined
  said?: string | undefined
  state: FormState
}

/** How an order stands and what can be done about it, for its user and for a guest with the link. */
export function OrderPage({ frame, order, access, payment, said, state }: OrderPageProps) {
  const settling = order.status === 'pending' && (payment === 'succeeded' || payment === 'processing')
  const { title, text } = settling ? SETTLING[payment] : headlineOf(order)
  const news = state.trouble ? undefined : NEWS[said ?? '']
  return (
    <Layout frame={frame} title={`Order ${order.number} · EshoTry`} unlisted>
      <div class="wrap py-10 sm:py-16">
        <p class="label text-soft">Order {order.number}</p>
        <h1 class="heading text-4xl sm:text-5xl mt-3">{title}</h1>
        <p class="mt-4 text-soft max-w-xl">{text}</p>
        <div class="mt-8">
          <Trouble state={state} specs={RETURN_FIELDS} />
          {news && <News>{news}</News>}
          {order.status === 'pending' && !settling && <PayAgain order={order} access={access} />}
          <div class="grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_24rem] gap-10 lg:gap-16 items-start">
            <div class="min-w-0">
              <Lines lines={order.lines} />
              <Returns order={order} />
              {order.canReturn && <ReturnForm order={order} action={orderPath(access, 'return')} state={state} />}
              <Timeline order={order} />
            </div>
            <Facts order={order} access={access} />
          </div>
        </div>
      </div>
    </Layout>
  )
}

function headlineOf({ status, cancelReason }: Order): { title: string; text: string } {
  const { title, text } = HEADLINES[status]
  return { title, text: (status === 'cancelled' && CANCELLED[cancelReason ?? '']) || text }
}

function PayAgain({ order, access }: { order: Order; access: Key }) {
  const { failure, payUntil } = order.payment
  return (
    <div class="mb-8 bg-sand p-5 sm:p-7 flex flex-wrap items-center gap-x-8 gap-y-4">
      <div class="grow">
        {failure && <p class="text-alert">The last try to pay failed: {sayFailure(failure)}. Nothing was taken.</p>}
        {payUntil && !failure && (
          <p>
            Kept for you until <time dateTime={payUntil}>{clockText(payUntil)}</time>.
          </p>
        )}
      </div>
      <a href={orderPath(access, 'pay')} class="solid">
        {failure ? 'Pay again' : 'Pay'}: {showMoney(order.totals.total)}
      </a>
    </div>
  )
}

export const sayFailure = (reason: string): string =>
  reason === 'declined' ? 'the card was declined' : reason.replaceAll('_', ' ')

function Lines({ lines }: { lines: OrderLine[] }) {
  return (
    <section aria-labelledby="pieces">
      <h2 id="pieces" class="sr-only">
        Pieces
      </h2>
      <ul class="border-t border-line">
        {lines.map(({ id, slug, name, brand, colour, size, quantity, returned, image, total }) => (
          <li
            key={id}
            class="grid grid-cols-[5rem_1fr_auto] sm:grid-cols-[6rem_1fr_auto] gap-4 sm:gap-6 py-5 border-b border-line"
          >
            <div class="aspect-3/4 bg-sand overflow-hidden">
              {image && (
                <Picture picture={pictureOf(image)} sizes="6rem" decorative class="w-full h-full object-cover" />
              )}
            </div>
            <div class="min-w-0">
              <p class="text-xs text-soft">{brand}</p>
              <h3 class="font-medium">
                <a href={`/p/${slug}?colour=${colour.slug}`} class="hover:underline underline-offset-4">
                  {name}
                </a>
              </h3>
              <p class="text-sm text-soft">
                {colour.name}, size {size}
                {quantity > 1 && `, ${quantity} pieces`}
              </p>
              {returned > 0 && (
                <p class="text-sm text-soft">{returned === quantity ? 'sent back' : `${returned} sent back`}</p>
              )}
            </div>
            <p class="tabular-nums">{showMoney(total)}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Facts({ order, access }: { order: Order; access: Key }) {
  const { totals, shipping, shippingAddress, email, refunded } = order
  const { tracking } = shipping
  return (
    <div class="grid gap-8">
      <section aria-labelledby="sum" class="bg-sand p-5 sm:p-7">
        <h2 id="sum" class="heading text-2xl mb-4">
          What it comes to
        </h2>
        <Bill
          {...totals}
          coupons={order.coupons.map(({ code }) => code)}
          shipping={{ name: `Delivery, ${shipping.name}`, price: totals.shipping }}
          tax={{ amount: totals.tax, included: totals.taxIncluded }}
        />
        {refunded.amount > 0 && <p class="mt-3 text-accent text-right">{showMoney(refunded)} given back</p>}
      </section>
      {tracking && (
        <section aria-labelledby="tracking">
          <h2 id="tracking" class="label text-soft mb-2">
            Parcel
          </h2>
          <p>
            {tracking.carrier}, {tracking.code}
          </p>
          {tracking.url && (
            <a href={tracking.url} class="quiet" rel="noreferrer">
              Follow it at the carrier
            </a>
          )}
        </section>
      )}
      {shippingAddress && (
        <section aria-labelledby="to">
          <h2 id="to" class="label text-soft mb-2">
            It goes to
          </h2>
          <AddressText address={shippingAddress} />
          {email && <p class="mt-2 text-[0.95rem] text-soft break-words">{email}</p>}
        </section>
      )}
      {order.canCancel && (
        <details>
          <summary class="quiet text-sm">Call this order off</summary>
          <form method="post" action={orderPath(access, 'cancel')} class="mt-2">
            <p class="text-[0.95rem] mb-3">
              {order.status === 'pending' ? 'Nothing was paid.' : 'What you have paid comes back to you.'} This cannot
              be undone.
            </p>
            <button class="outline w-full">Yes, call it off</button>
          </form>
        </details>
      )}
    </div>
  )
}

const ENTRIES: Record<string, string> = {
  placed: 'Order placed',
  pending: 'Order placed',
  paid: 'Paid',
  packed: 'Packed',
  shipped: 'Handed to the carrier',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
  return_requested: 'Return announced',
  returned: 'Return received',
  refunded: 'Refunded',
  payment_failed: 'A payment failed',
  payment_retried: 'Another try to pay',
  refund_requested: 'Refund on its way',
  refund_failed: 'A refund failed; we look after it',
}

function Timeline({ order: { timeline } }: { order: Order }) {
  return (
    <section aria-labelledby="timeline" class="mt-12">
      <h2 id="timeline" class="heading text-2xl mb-4">
        What has happened
      </h2>
      <ol class="border-l border-edge pl-5 grid gap-4">
        {timeline.map(({ at, kind, amount }, index) => (
          <li
            key={index}
            class="relative before:content-[''] before:absolute before:-left-[1.56rem] before:top-2 before:w-2.5 before:h-2.5 before:rounded-full before:bg-accent"
          >
            <p>
              {ENTRIES[kind] ?? kind.replaceAll('_', ' ')}
              {amount && kind !== 'paid' && <span class="tabular-nums">, {showMoney(amount)}</span>}
            </p>
            <p class="text-sm text-soft">
              <time dateTime={at}>{momentText(at)}</time>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
