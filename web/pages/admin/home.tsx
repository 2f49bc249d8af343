import { Hono } from 'hono'
import type { ComponentChildren } from 'preact'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Part } from '../../parts/admin-marks.tsx'
import { Table } from '../../parts/admin-table.tsx'
import { type AdminEnv, show } from './office.tsx'
import { listOrders, ORDER_COLUMNS } from './orders.tsx'
import { listReturns, RETURN_COLUMNS } from './returns.tsx'
import { JOB_COLUMNS, listDeadJobs } from './jobs.tsx'
import { listQueue } from './reviews.tsx'

/** How much of a queue the overview shows. */
const FEW = '5'

/** What waits for somebody who works here. */
export function overviewPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin', async (c) => {
    const { view } = c.var
    const { desk } = view
    const parts = await Promise.all([
      desk.may('orders.manage') && orderQueues(view),
      desk.may('reviews.moderate') && reviewQueue(view),
      desk.may('jobs.manage') && deadJobs(view),
    ])
    return show(
      c,
      <AdminPage view={view} title="What waits for you">
        {parts}
      </AdminPage>,
    )
  })
  return pages
}

type QueueProps = { id: string; title: string; more: string | false; children: ComponentChildren }

function Queue({ id, title, more, children }: QueueProps) {
  return (
    <Part id={id} title={title}>
      {children}
      {more && (
        <a href={more} class="quiet mt-2">
          All of them<span class="sr-only">: {title}</span>
        </a>
      )}
    </Part>
  )
}

async function orderQueues(view: View) {
  const [paid, packed, returns] = await Promise.all([
    listOrders(view, { status: 'paid', limit: FEW }),
    listOrders(view, { status: 'packed', limit: FEW }),
    listReturns(view, { status: 'requested', limit: FEW }),
  ])
  return (
    <>
      <Queue id="to-pack" title="To pack" more={paid.nextCursor !== null && '/admin/orders?status=paid'}>
        <Table label="Orders to pack" columns={ORDER_COLUMNS} rows={paid.items} empty="Nothing is to be packed." />
      </Queue>
      <Queue id="to-ship" title="To ship" more={packed.nextCursor !== null && '/admin/orders?status=packed'}>
        <Table
          label="Orders to ship"
          columns={ORDER_COLUMNS}
          rows={packed.items}
          empty="Nothing waits for a carrier."
        />
      </Queue>
      <Queue id="returns" title="Returns" more={returns.nextCursor !== null && '/admin/returns?status=requested'}>
        <Table label="Returns" columns={RETURN_COLUMNS} rows={returns.items} empty="Nobody sends anything back." />
      </Queue>
    </>
  )
}

async function reviewQueue(view: View) {
  const { items, nextCursor } = await listQueue(view, { status: 'pending', limit: FEW })
  const count = nextCursor === null ? `${items.length}` : `More than ${items.length}`
  return (
    <Queue id="reviews" title="Reviews" more={false}>
      {items.length === 0 ? (
        <p class="border-y border-line py-10 text-soft">Every review is read.</p>
      ) : (
        <p>
          <a href="/admin/reviews" class="quiet">
            {count} to read
          </a>
        </p>
      )}
    </Queue>
  )
}

async function deadJobs(view: View) {
  const { items, nextCursor } = await listDeadJobs(view, { limit: FEW })
  if (items.length === 0) return null
  return (
    <Queue id="jobs" title="Work that failed" more={nextCursor !== null && '/admin/jobs'}>
      <Table label="Jobs that failed" columns={JOB_COLUMNS} rows={items} empty="" />
    </Queue>
  )
}
