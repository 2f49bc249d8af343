import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { Act } from '../../parts/admin-form.tsx'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Pager } from '../../parts/admin-list.tsx'
import { Part, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { goTo } from '../site.tsx'
import { type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'

type DeadJob = InferResponseType<Client['v1']['admin']['jobs']['$get'], 200>['items'][number]

type WaitingJob = InferResponseType<Client['v1']['admin']['jobs']['waiting']['$get'], 200>['items'][number]

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

const WAITING_COLUMNS: readonly Column<WaitingJob>[] = [
  { name: 'Job', cell: ({ name }) => <span class="font-medium break-words">{name}</span> },
  { name: 'Due', cell: ({ dueAt }) => <When at={dueAt} /> },
  { name: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
  { name: 'Failed', end: true, cell: ({ failures }) => failures },
]

/** How many of those that wait are shown: they go by themselves. */
const FEW = '24'

/** Background work that nobody does any more unless it is told to. */
export function jobAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/jobs', async (c) => {
    const { view } = c.var
    const query = asked(c, [])
    const [dead, waiting] = await Promise.all([
      listDeadJobs(view, { ...query, limit: LIMIT }),
      view.desk.api.v1.admin.jobs.waiting
        .$get({ query: { limit: FEW } })
        .then((answer) => read(answer, 'The jobs that wait')),
    ])
    return show(
      c,
      <AdminPage view={view} title="Jobs" news={newsOf(c, NEWS)}>
        <Part id="dead" title="Given up">
          <p class="text-soft -mt-2 mb-4">These failed as often as they may, and are done only if you say so.</p>
          <Table label="Given up" columns={JOB_COLUMNS} rows={dead.items} empty="Nothing has failed for good." />
          <Pager path="/admin/jobs" query={query} nextCursor={dead.nextCursor} />
        </Part>
        <Part id="waiting" title="Waiting">
          <Table label="Waiting" columns={WAITING_COLUMNS} rows={waiting.items} empty="Everything is done." />
          {waiting.nextCursor !== null && <p class="mt-3 text-soft">These are the oldest; more wait behind them.</p>}
        </Part>
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
