import { Fields, Trouble } from '../../parts/form.tsx'
import type { Frame } from '../../parts/layout.tsx'
import { Picture } from '../../parts/picture.tsx'
import type { Me, OrderSummary } from '../../state/account.ts'
import type { FieldSpec, FormState } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import { pictureOf } from '../../state/shapes.ts'
import { AccountPage, Part } from './frame.tsx'

export const PERSON_FIELDS: readonly FieldSpec[] = [
  {
    name: 'name',
    label: 'Name',
    autocomplete: 'name',
    most: 120,
    optional: true,
    half: true,
    wrong: 'Use at most 120 letters.',
  },
  {
    name: 'phone',
    label: 'Phone',
    type: 'tel',
    autocomplete: 'tel',
    most: 40,
    optional: true,
    half: true,
    wrong: 'Enter a telephone number, in digits.',
  },
]

type OverviewProps = { frame: Frame; me: Me; orders: OrderSummary[]; state: FormState; said?: string | undefined }

export function OverviewPage({ frame, me, orders, state, said }: OverviewProps) {
  return (
    <AccountPage frame={frame} title={me.name ? `Hello, ${me.name}` : 'Your account'} said={said}>
      <Trouble state={state} specs={PERSON_FIELDS} />
      {me.role !== 'customer' && (
        <p class="mb-8">
          <a href="/admin" class="outline">
            Behind the counter
          </a>
        </p>
      )}
      <Part id="latest" title="Latest orders">
        <OrderList orders={orders} />
        {orders.length > 0 && (
          <a href="/account/orders" class="quiet mt-3">
            All orders
          </a>
        )}
      </Part>
      <Part id="you" title="About you" lead={`You sign in as ${me.email}.`}>
        <form method="post" action="/account" novalidate>
          <Fields specs={PERSON_FIELDS} state={state} />
          <button class="outline mt-6">Save</button>
        </form>
      </Part>
    </AccountPage>
  )
}

type OrdersProps = { frame: Frame; orders: OrderSummary[]; nextCursor: string | null }

export function OrdersPage({ frame, orders, nextCursor }: OrdersProps) {
  return (
    <AccountPage frame={frame} title="Orders">
      <OrderList orders={orders} />
      {nextCursor && (
        <a href={`/account/orders?cursor=${encodeURIComponent(nextCursor)}`} rel="next" class="outline mt-8">
          Older orders
        </a>
      )}
    </AccountPage>
  )
}

const STATUS: Record<OrderSummary['status'], string> = {
  pending: 'Waiting for your payment',
  paid: 'Paid',
  packed: 'Packed',
  shipped: 'On its way',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
  return_requested: 'Return announced',
  returned: 'Returned',
  refunded: 'Refunded',
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

function OrderList({ orders }: { orders: OrderSummary[] }) {
  if (orders.length === 0)
    return (
      <p class="text-soft">
        Nothing yet.{' '}
        <a href="/women" class="quiet">
          Look around
        </a>
      </p>
    )
  return (
    <ul class="border-t border-line max-w-3xl">
      {orders.map(({ id, number, status, placedAt, total, names, pieces, image }) => (
        <li key={id} class="relative grid grid-cols-[4rem_1fr_auto] gap-4 py-4 border-b border-line hover:bg-sand">
          <div class="aspect-3/4 bg-sand overflow-hidden">
            {image && <Picture picture={pictureOf(image)} sizes="4rem" decorative class="w-full h-full object-cover" />}
          </div>
          <div class="min-w-0">
            <p>
              <a
                href={`/orders/${id}`}
                class="font-medium after:absolute after:inset-0 hover:underline underline-offset-4"
              >
                Order {number}
              </a>
            </p>
            <p class="text-[0.95rem]">{STATUS[status]}</p>
            <p class="text-sm text-soft truncate">
              {names.join(', ')} · {pieces === 1 ? '1 piece' : `${pieces} pieces`}
            </p>
          </div>
          <div class="text-right">
            <p class="tabular-nums">{showMoney(total)}</p>
            <p class="text-sm text-soft">
              <time dateTime={placedAt}>{day.format(new Date(placedAt))}</time>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
