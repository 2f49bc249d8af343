import { Hono } from 'hono'
import { canCancel, ORDER_STATUSES } from '../../../modules/orders/pure/states.ts'
import { ConfirmPage } from '../../parts/admin-form.tsx'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { EMPTY_FORM, type FormState, type Problem, sayProblem } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import type { Order } from '../../state/orders.ts'
import { goTo } from '../site.tsx'
import { type AdminContext, type AdminEnv, asked, findOrder, LIMIT, type News, newsOf, show } from './office.tsx'
import { backTo, OrderBadge, orderPath, OrderView, STATUSES } from './order.tsx'
import { refundPages } from './refunds.tsx'
import { shippingPages } from './shipping.tsx'

const NEWS: News = {
  packed: 'It is packed. Next it goes to the carrier.',
  shipped: 'It is on its way, and the shopper is told so.',
  delivered: 'It has arrived.',
  cancelled: 'The order is cancelled. What was paid goes back.',
  refunded: 'The refund is on its way. It shows below once the provider has given it.',
  received: 'The return is received, and the refund is on its way.',
  refused: 'The return is refused.',
}

/** Orders: found, packed, sent, called off and paid back. */
export function orderAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/orders', (c) => drawList(c))
  pages.get('/admin/orders/:id', async (c) =>
    show(c, <OrderView view={c.var.view} order={await findOrder(c)} news={newsOf(c, NEWS)} />),
  )
  for (const name of Object.keys(STEPS) as Step[]) {
    pages.get(`/admin/orders/:id/${name}`, (c) => drawStep(c, name))
    pages.post(`/admin/orders/:id/${name}`, async (c) => {
      const { run, news } = STEPS[name]
      const problem = await run(c.var.view, c.req.param('id'))
      return problem ? drawStep(c, name, problem) : goTo(c, orderPath(c.req.param('id'), `?said=${news}`))
    })
  }
  pages.route('/', shippingPages())
  pages.route('/', refundPages())
  return pages
}

type Summary = Awaited<ReturnType<typeof listOrders>>['items'][number]

export const listOrders = async ({ desk }: View, query: Record<string, string | undefined>) =>
  read(await desk.api.v1.admin.orders.$get({ query }), 'The orders')

export const ORDER_COLUMNS: readonly Column<Summary>[] = [
  {
    name: 'Order',
    cell: ({ id, number }) => (
      <a href={orderPath(id)} class="quiet font-medium">
        {number}
      </a>
    ),
  },
  { name: 'Status', cell: ({ status }) => <OrderBadge status={status} /> },
  { name: 'Placed', cell: ({ placedAt }) => <When at={placedAt} /> },
  {
    name: 'By',
    cell: ({ email }) =>
      email && (
        <span class="block break-all md:max-w-48 md:truncate" title={email}>
          {email}
        </span>
      ),
  },
  { name: 'Pieces', cell: ({ pieces, names }) => `${pieces}: ${[...new Set(names)].join(', ')}` },
  {
    name: 'Total',
    end: true,
    cell: ({ total, refunded }) => (
      <>
        {showMoney(total)}
        {refunded.amount > 0 && <span class="block text-sm text-soft">{showMoney(refunded)} back</span>}
      </>
    ),
  },
]

async function drawList(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['q', 'status'])
  const { items, nextCursor } = await listOrders(view, { ...query, limit: LIMIT })
  return show(
    c,
    <AdminPage view={view} title="Orders">
      <Finder
        action="/admin/orders"
        filters={[
          { name: 'q', label: 'Number or email', value: query.q, hint: 'the whole of either' },
          {
            name: 'status',
            label: 'Status',
            value: query.status,
            all: 'All',
            options: ORDER_STATUSES.map((value) => ({ value, label: STATUSES[value].label })),
          },
        ]}
      />
      <Table
        label="Orders"
        columns={ORDER_COLUMNS}
        rows={items}
        empty={query.q || query.status ? 'No order fits that.' : 'Nobody has ordered yet.'}
      />
      <Pager path="/admin/orders" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

type Step = 'pack' | 'deliver' | 'cancel'
type StepSpec = {
  title: string
  text: (order: Order) => string
  button: string
  news: string
  run: (view: View, id: string) => Promise<Problem | undefined>
}

const STEPS: Record<Step, StepSpec> = {
  pack: {
    title: 'Is it packed?',
    text: () => 'Every piece is in the parcel. Next it goes to the carrier.',
    button: 'It is packed',
    news: 'packed',
    run: async ({ desk }, id) =>
      problemIn(await desk.api.v1.admin.orders[':id'].pack.$post({ param: { id } }), 'Packing'),
  },
  deliver: {
    title: 'Has it arrived?',
    text: () => 'From this day on the shopper has 30 days to send pieces back.',
    button: 'It has arrived',
    news: 'delivered',
    run: async ({ desk }, id) =>
      problemIn(await desk.api.v1.admin.orders[':id'].deliver.$post({ param: { id } }), 'Delivering'),
  },
  cancel: {
    title: 'Cancel the order?',
    text: ({ refundable, status }) =>
      status === 'pending'
        ? 'Nothing was paid yet. The pieces go back on sale. This cannot be undone.'
        : `The shopper gets ${showMoney(refundable)} back, and the pieces go back on sale. This cannot be undone.`,
    button: 'Yes, cancel the order',
    news: 'cancelled',
    run: async ({ desk }, id) =>
      problemIn(await desk.api.v1.orders[':id'].cancel.$post({ param: { id }, query: {} }), 'Cancelling'),
  },
}

async function drawStep(c: AdminContext, name: Step, problem?: Problem): Promise<Response> {
  const order = await findOrder(c)
  const { title, text, button } = STEPS[name]
  const tooLate = name === 'cancel' && !canCancel(order.status, 'staff')
  const state: FormState = problem ? { ...EMPTY_FORM, trouble: sayProblem(problem) } : EMPTY_FORM
  const page = (
    <ConfirmPage
      view={c.var.view}
      title={title}
      back={backTo(order)}
      text={<p>{tooLate ? 'It is too late for that: the parcel has left, or the order is over.' : text(order)}</p>}
      action={orderPath(order.id, name)}
      button={button}
      state={state}
    />
  )
  return show(c, page, problem ? 409 : 200)
}
