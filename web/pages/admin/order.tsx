import { canCancel } from '../../../modules/orders/pure/states.ts'
import { AddressText } from '../shopping/checkout.tsx'
import { REASONS } from '../shopping/returns.tsx'
import { Act } from '../../parts/admin-form.tsx'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Badge, Facts, Part, type Tone, When } from '../../parts/admin-marks.tsx'
import { Bill } from '../../parts/bill.tsx'
import { Picture } from '../../parts/picture.tsx'
import { spellOut } from '../../state/admin.ts'
import { showMoney } from '../../state/money.ts'
import type { Order } from '../../state/orders.ts'
import { pictureOf } from '../../state/shapes.ts'

export const STATUSES: Record<Order['status'], { label: string; tone: Tone }> = {
  pending: { label: 'Waits for payment', tone: 'plain' },
  paid: { label: 'To pack', tone: 'open' },
  packed: { label: 'To ship', tone: 'open' },
  shipped: { label: 'On its way', tone: 'good' },
  delivered: { label: 'Delivered', tone: 'good' },
  cancelled: { label: 'Cancelled', tone: 'bad' },
  return_requested: { label: 'Return announced', tone: 'open' },
  returned: { label: 'Returned', tone: 'plain' },
  refunded: { label: 'Refunded', tone: 'plain' },
}

const RETURN_STATUSES: Record<Order['returns'][number]['status'], { label: string; tone: Tone }> = {
  requested: { label: 'Announced', tone: 'open' },
  received: { label: 'Received', tone: 'good' },
  refused: { label: 'Refused', tone: 'bad' },
}

const REFUND_TONES = { pending: 'plain', done: 'good', failed: 'bad' } as const

export const OrderBadge = ({ status }: { status: Order['status'] }) => (
  <Badge tone={STATUSES[status].tone}>{STATUSES[status].label}</Badge>
)

export const ReturnBadge = ({ status }: { status: Order['returns'][number]['status'] }) => (
  <Badge tone={RETURN_STATUSES[status].tone}>{RETURN_STATUSES[status].label}</Badge>
)

export const orderPath = (id: string, act = ''): string => `/admin/orders/${id}${/^($|\?)/.test(act) ? act : `/${act}`}`
export const backTo = ({ id, number }: Order) => ({ href: orderPath(id), label: `Order ${number}` })

type OrderViewProps = { view: View; order: Order; news?: string | undefined }

export function OrderView({ view, order, news }: OrderViewProps) {
  const { number, status, placedAt, cancelReason } = order
  const lead = (
    <p class="flex flex-wrap items-center gap-x-4 gap-y-1">
      <OrderBadge status={status} />
      <span>
        placed <When at={placedAt} />
      </span>
      {cancelReason && <span>{spellOut(cancelReason)}</span>}
    </p>
  )
  return (
    <AdminPage view={view} title={`Order ${number}`} lead={lead} news={news}>
      <Acts view={view} order={order} />
      <div class="grid grid-cols-1 xl:grid-cols-[minmax(0,1fr)_24rem] gap-10 xl:gap-14 items-start">
        <div class="min-w-0">
          <Lines lines={order.lines} />
          <Returns order={order} />
          <Refunds order={order} />
          <Timeline order={order} />
        </div>
        <Sides order={order} />
      </div>
    </AdminPage>
  )
}

/** What can be done with it next, as far as its state and the role allow. */
function Acts({ view: { desk }, order }: { view: View; order: Order }) {
  const { id, status } = order
  const links = [
    { act: 'refund', label: 'Refund', possible: order.refundable.amount > 0 && desk.may('orders.refund') },
    { act: 'cancel', label: 'Cancel the order', possible: canCancel(status, 'staff') },
  ]
  return (
    <div class="flex flex-wrap items-center gap-3 mb-10">
      <NextStep id={id} status={status} />
      {links
        .filter(({ possible }) => possible)
        .map(({ act, label }) => (
          <a key={act} href={orderPath(id, act)} class="outline">
            {label}
          </a>
        ))}
    </div>
  )
}

function NextStep({ id, status }: Pick<Order, 'id' | 'status'>) {
  if (status === 'paid') return <Act action={orderPath(id, 'pack')} button="It is packed" look="solid" />
  if (status === 'shipped') return <Act action={orderPath(id, 'deliver')} button="It has arrived" look="solid" />
  if (status !== 'packed') return null
  return (
    <a href={orderPath(id, 'ship')} class="solid">
      Ship it
    </a>
  )
}

function Lines({ lines }: Pick<Order, 'lines'>) {
  return (
    <Part id="pieces" title="Pieces">
      <ul class="border-t border-line">
        {lines.map(({ id, slug, name, sku, colour, size, quantity, returned, image, unitPrice, total }) => (
          <li key={id} class="grid grid-cols-[4rem_1fr_auto] gap-4 py-3 border-b border-line">
            <div class="aspect-3/4 bg-sand overflow-hidden">
              {image && (
                <Picture picture={pictureOf(image)} sizes="4rem" decorative class="w-full h-full object-cover" />
              )}
            </div>
            <div class="min-w-0">
              <h3 class="font-medium">
                <a href={`/p/${slug}`} class="inline-block py-2.5 -my-2.5 hover:underline underline-offset-4">
                  {name}
                </a>
              </h3>
              <p class="text-sm text-soft">
                {colour.name}, size {size}
              </p>
              <p class="text-sm text-soft break-all">{sku}</p>
              {returned > 0 && <p class="text-sm text-alert">{returned} sent back</p>}
            </div>
            <p class="tabular-nums text-right">
              {showMoney(total)}
              <span class="block text-sm text-soft">
                {quantity} × {showMoney(unitPrice)}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </Part>
  )
}

/** The pieces of a return, by name. */
export const returnedPieces = (order: Pick<Order, 'lines'>, lines: Order['returns'][number]['lines']): string =>
  lines
    .map(({ lineId, quantity }) => {
      const line = order.lines.find(({ id }) => id === lineId)
      return `${quantity} × ${line ? `${line.name}, ${line.size}` : 'a piece'}`
    })
    .join('; ')

function Returns({ order }: { order: Order }) {
  if (order.returns.length === 0) return null
  return (
    <Part id="returns" title="Returns">
      <ul class="border-t border-line">
        {order.returns.map(({ id, status, reason, comment, lines, requestedAt }) => (
          <li key={id} class="py-3 border-b border-line">
            <p class="flex flex-wrap items-center gap-x-4 gap-y-1">
              <ReturnBadge status={status} />
              <span>{returnedPieces(order, lines)}</span>
            </p>
            <p class="text-sm text-soft mt-1">
              {REASONS[reason]}, <When at={requestedAt} />
            </p>
            {comment && <p class="mt-1">“{comment}”</p>}
            {status === 'requested' && (
              <a href={orderPath(order.id, `returns/${id}`)} class="outline mt-3">
                Answer it
              </a>
            )}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Refunds({ order: { refunds } }: { order: Order }) {
  if (refunds.length === 0) return null
  return (
    <Part id="refunds" title="Refunds">
      <ul class="border-t border-line">
        {refunds.map(({ id, amount, reason, status, askedAt }) => (
          <li key={id} class="py-3 border-b border-line flex flex-wrap justify-between gap-x-6 gap-y-1">
            <div class="min-w-0">
              <p>{spellOut(reason)}</p>
              <p class="text-sm text-soft">
                <When at={askedAt} />
              </p>
            </div>
            <p class="tabular-nums">
              {showMoney(amount)} <Badge tone={REFUND_TONES[status]}>{spellOut(status)}</Badge>
            </p>
          </li>
        ))}
      </ul>
    </Part>
  )
}

const BY: Record<Order['timeline'][number]['by'], string> = {
  customer: 'shopper',
  staff: 'us',
  system: 'the shop itself',
}

function Timeline({ order: { timeline } }: { order: Order }) {
  return (
    <Part id="timeline" title="What has happened">
      <ol class="border-l border-edge pl-5 grid gap-4">
        {timeline.map(({ at, kind, by, amount, note }, index) => (
          <li
            key={index}
            class="relative before:content-empty before:absolute before:-left-[1.56rem] before:top-2 before:w-2.5 before:h-2.5 before:rounded-full before:bg-accent"
          >
            <p>
              {spellOut(kind)}
              {amount && <span class="tabular-nums">, {showMoney(amount)}</span>}
              {note && <span class="text-soft">: {note.replaceAll('_', ' ')}</span>}
            </p>
            <p class="text-sm text-soft">
              <When at={at} />, by {BY[by]}
            </p>
          </li>
        ))}
      </ol>
    </Part>
  )
}

function Sides({ order }: { order: Order }) {
  const { totals, refunded, coupons, shipping, shippingAddress, email, payment } = order
  const { tracking } = shipping
  return (
    <div class="min-w-0">
      <section aria-labelledby="sum" class="bg-sand p-5 sm:p-7">
        <h2 id="sum" class="heading text-2xl mb-4">
          What it comes to
        </h2>
        <Bill
          {...totals}
          coupons={coupons.map(({ code }) => code)}
          shipping={{ name: `Delivery, ${shipping.name}`, price: totals.shipping }}
          tax={{ amount: totals.tax, included: totals.taxIncluded }}
        />
        {refunded.amount > 0 && <p class="mt-3 text-accent text-right">{showMoney(refunded)} given back</p>}
      </section>
      <Part id="for" title="Who it is for">
        {shippingAddress ? <AddressText address={shippingAddress} /> : <p class="text-soft">This person was erased.</p>}
        {email && <p class="mt-2 break-all">{email}</p>}
        {shippingAddress?.phone && <p>{shippingAddress.phone}</p>}
      </Part>
      <Part id="payment" title="Payment and parcel">
        <Facts
          facts={[
            { name: 'Paid through', value: spellOut(payment.provider) },
            { name: 'Payment', value: payment.paymentId && <span class="text-sm break-all">{payment.paymentId}</span> },
            { name: 'Last failure', value: payment.failure && spellOut(payment.failure) },
            { name: 'Held until', value: payment.payUntil && <When at={payment.payUntil} /> },
            { name: 'Carrier', value: tracking?.carrier },
            { name: 'Tracking', value: tracking && <TrackingCode {...tracking} /> },
          ]}
        />
      </Part>
    </div>
  )
}

function TrackingCode({ code, url }: { code: string; url?: string | undefined }) {
  if (!url) return <span class="break-all">{code}</span>
  return (
    <a
      href={url}
      rel="noreferrer"
      class="underline underline-offset-4 break-all inline-flex items-center min-h-11 -my-2"
    >
      {code}
    </a>
  )
}
