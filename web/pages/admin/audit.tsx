import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { Act } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { Badge, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { News, Trouble } from '../../parts/form.tsx'
import { read } from '../../state/admin.ts'
import { EMPTY_FORM } from '../../state/forms.ts'
import { type AdminContext, type AdminEnv, asked, LIMIT, show } from './office.tsx'

type Verdict = InferResponseType<Client['v1']['admin']['audit']['verify']['$post'], 200>
type Entry = InferResponseType<Client['v1']['admin']['audit']['$get'], 200>['items'][number]

/** Where the thing that an entry is about is shown; undefined for what has no page. */
function placeOf(subject: string): string | undefined {
  const [kind, id] = subject.split(':')
  const section = { order: 'orders', user: 'users', coupon: 'coupons', webhook: 'webhooks' }[kind ?? '']
  return section && id && `/admin/${section}/${id}`
}

/** `user:0198c0de-0000-…` in few letters: the end tells ids of one day apart. */
const short = (name: string) => name.replace(/[0-9a-f-]{28}(?=[0-9a-f]{8}$)/, '…')

function Subject({ subject }: { subject: string }) {
  const place = placeOf(subject)
  if (!place)
    return (
      <span class="whitespace-nowrap" title={subject}>
        {short(subject)}
      </span>
    )
  return (
    <a href={place} class="quiet whitespace-nowrap" title={subject}>
      {short(subject)}
    </a>
  )
}

/** `promotions.create_coupon`, which may break after the module. */
function Action({ name }: { name: string }) {
  const [module, ...deed] = name.split('.')
  return (
    <span class="font-medium">
      {module}
      {deed.length > 0 && '.'}
      <wbr />
      {deed.join('.')}
    </span>
  )
}

const COLUMNS: readonly Column<Entry>[] = [
  { name: 'What', cell: ({ action }) => <Action name={action} /> },
  { name: 'When', cell: ({ at }) => <When at={at} /> },
  {
    name: 'Who',
    cell: ({ actor, role }) => (
      <>
        <Subject subject={actor} />
        {role && <span class="block text-sm text-soft">{role}</span>}
      </>
    ),
  },
  { name: 'To what', cell: ({ subject }) => <Subject subject={subject} /> },
  {
    name: 'Details',
    cell: ({ details }) =>
      Object.keys(details).length > 0 && (
        <details>
          <summary class="quiet text-sm">Show</summary>
          <dl class="text-sm">
            {Object.entries(details).map(([name, value]) => (
              <div key={name}>
                <dt class="inline text-soft">{name}: </dt>
                <dd class="inline break-all">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      ),
  },
  {
    name: 'Chain',
    cell: ({ seq, hash }) =>
      seq === null ? (
        <Badge tone="plain">Not sealed yet</Badge>
      ) : (
        <span title={hash ?? ''}>
          {seq} <code class="text-sm text-soft">{hash?.slice(0, 8)}</code>
        </span>
      ),
  },
]

/** What was done in the shop and by whom, for who has to answer for it. */
export function auditAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/audit', (c) => drawLog(c))
  pages.post('/admin/audit', async (c) => {
    const { api } = c.var.view.desk
    return drawLog(c, await read(await api.v1.admin.audit.verify.$post(), 'The check'))
  })
  return pages
}

function Verdict({ verdict: { entries, head, faults } }: { verdict: Verdict }) {
  const end = (
    <>
      The chain ends at <code class="text-sm break-all">{head}</code>: keep that elsewhere, and a later check can be
      held to it.
    </>
  )
  if (faults.length === 0)
    return (
      <News>
        {entries} entries were read, and every one is as it was written. {end}
      </News>
    )
  const state = { ...EMPTY_FORM, trouble: `${faults.length} faults in ${entries} entries. The log was tampered with.` }
  return (
    <>
      <Trouble state={state} />
      <Table
        label="Faults"
        columns={[
          { name: 'At entry', cell: ({ seq }) => seq },
          { name: 'What', cell: ({ kind }) => FAULTS[kind] },
        ]}
        rows={faults}
        empty=""
      />
      <p class="my-6">{end}</p>
    </>
  )
}

const FAULTS: Record<Verdict['faults'][number]['kind'], string> = {
  altered: 'It is not what was written.',
  unlinked: 'It follows another entry than the one before it.',
  reordered: 'It was moved here from another place.',
  missing: 'Entries were taken out here.',
  head: 'The chain does not end where it was sealed.',
}

async function drawLog(c: AdminContext, verdict?: Verdict): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['action', 'actor', 'subject'])
  const { items, nextCursor } = await read(
    await view.desk.api.v1.admin.audit.$get({ query: { ...query, limit: LIMIT } }),
    'The audit log',
  )
  return show(
    c,
    <AdminPage
      view={view}
      title="Audit"
      lead="Every act that moves money, roles or secrets. Entries are chained by their hashes, and none can be changed."
      actions={<Act action="/admin/audit" button="Check the chain" />}
    >
      {verdict && <Verdict verdict={verdict} />}
      <Finder
        action="/admin/audit"
        filters={[
          { name: 'action', label: 'What', value: query.action, hint: 'orders.refund' },
          { name: 'actor', label: 'Who', value: query.actor, hint: 'user:…' },
          { name: 'subject', label: 'To what', value: query.subject, hint: 'order:…' },
        ]}
      />
      <Table label="Entries" columns={COLUMNS} rows={items} empty="Nothing fits that." />
      <Pager path="/admin/audit" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}
