import { Hono } from 'hono'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { read } from '../../state/admin.ts'
import type { OrderReturn } from '../../state/orders.ts'
import { REASONS } from '../shopping/returns.tsx'
import { type AdminEnv, asked, LIMIT, show } from './office.tsx'
import { orderPath, ReturnBadge } from './order.tsx'

export const listReturns = async ({ desk }: View, query: Record<string, string | undefined>) =>
  read(await desk.api.v1.admin.returns.$get({ query }), 'The returns')

export const RETURN_COLUMNS: readonly Column<OrderReturn>[] = [
  {
    name: 'Order',
    cell: ({ id, orderId, orderNumber, status }) => (
      <a href={orderPath(orderId, status === 'requested' ? `returns/${id}` : '')} class="quiet font-medium">
        {orderNumber}
      </a>
    ),
  },
  { name: 'Status', cell: ({ status }) => <ReturnBadge status={status} /> },
  { name: 'Announced', cell: ({ requestedAt }) => <When at={requestedAt} /> },
  { name: 'Reason', cell: ({ reason }) => REASONS[reason] },
  { name: 'Pieces', end: true, cell: ({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0) },
]

const STATUSES = [
  { value: 'requested', label: 'Announced' },
  { value: 'received', label: 'Received' },
  { value: 'refused', label: 'Refused' },
]

/** Everything that was sent back; each is answered at its order. */
export function returnAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/returns', async (c) => {
    const { view } = c.var
    const query = asked(c, ['status'])
    const { items, nextCursor } = await listReturns(view, { ...query, limit: LIMIT })
    return show(
      c,
      <AdminPage view={view} title="Returns">
        <Finder
          action="/admin/returns"
          filters={[{ name: 'status', label: 'Status', value: query.status, all: 'All', options: STATUSES }]}
        />
        <Table
          label="Returns"
          columns={RETURN_COLUMNS}
          rows={items}
          empty={query.status ? 'No return stands like that.' : 'Nobody has sent anything back.'}
        />
        <Pager path="/admin/returns" query={query} nextCursor={nextCursor} />
      </AdminPage>,
    )
  })
  return pages
}
