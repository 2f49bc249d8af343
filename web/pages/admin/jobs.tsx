import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { Act } from '../../parts/admin-form.tsx'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Pager } from '../../parts/admin-list.tsx'
import { When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { goTo } from '../site.tsx'
import { type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'

type DeadJob = InferResponseType<Client['v1']['admin']['jobs']['$get'], 200>['items'][number]

const NEWS: News = { retried: 'It is put back to work.' }

export const listDeadJobs = async ({ desk }: View, query: Record<string, string | undefined>) =>
  read(await desk.api.v1.admin.jobs.$get({ query }), 'The jobs')

export const JOB_COLUMNS: readonly Column<DeadJob>[] = [
  { name: 'Job', cell: ({ name }) => <span class="font-medium break-words">{name}</span> },
  {
    name: 'What went wrong',
    cell: ({ error, payload }) => (
      <>
        <p class="break-words">{error}</p>
        <details>
          <summary class="quiet text-sm">What it was to do</summary>
          <code class="block text-sm break-all">{JSON.stringify(payload)}</code>
        </details>
      </>
    ),
  },
  { name: 'Tries', end: true, cell: ({ attempts }) => attempts },
  { name: 'Given up', cell: ({ diedAt }) => <When at={diedAt} /> },
  {
    name: 'Retry',
    cell: ({ id, name }) => <Act action={`/admin/jobs/${id}/retry`} button="Try again" look="quiet" of={name} />,
  },
]

/** Background work that nobody does any more unless it is told to. */
export function jobAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/jobs', async (c) => {
    const { view } = c.var
    const query = asked(c, [])
    const { items, nextCursor } = await listDeadJobs(view, { ...query, limit: LIMIT })
    return show(
      c,
      <AdminPage view={view} title="Jobs" lead="Work that failed as often as it may." news={newsOf(c, NEWS)}>
        <Table label="Jobs that failed" columns={JOB_COLUMNS} rows={items} empty="Nothing has failed for good." />
        <Pager path="/admin/jobs" query={query} nextCursor={nextCursor} />
      </AdminPage>,
    )
  })
  pages.post('/admin/jobs/:id/retry', async (c) => {
    const { api } = c.var.view.desk
    await problemIn(await api.v1.admin.jobs[':id'].retry.$post({ param: { id: c.req.param('id') } }), 'The job')
    return goTo(c, '/admin/jobs?said=retried')
  })
  return pages
}
