import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { Badge, Facts, Part, Source, type Tone, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { read, spellOut } from '../../state/admin.ts'
import { ShopError } from '../../state/shop.ts'
import { type AdminContext, type AdminEnv, asked, LIMIT, show } from './office.tsx'

type Email = InferResponseType<Client['v1']['admin']['emails']['$get'], 200>['items'][number]

const STATUSES: Record<Email['status'], { label: string; tone: Tone }> = {
  waiting: { label: 'Waits', tone: 'plain' },
  sent: { label: 'Sent', tone: 'good' },
  dead: { label: 'Refused for good', tone: 'bad' },
}

const MailBadge = ({ status }: Pick<Email, 'status'>) => (
  <Badge tone={STATUSES[status].tone}>{STATUSES[status].label}</Badge>
)

const COLUMNS: readonly Column<Email>[] = [
  {
    name: 'Subject',
    cell: ({ id, subject, template }) => (
      <a href={`/admin/mail/${id}`} class="quiet">
        {subject ?? spellOut(template)}
      </a>
    ),
  },
  { name: 'Status', cell: ({ status }) => <MailBadge status={status} /> },
  { name: 'To', cell: ({ to }) => (to === null ? 'erased' : <span class="break-all">{to}</span>) },
  { name: 'Written', cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** What the shop has written to people. */
export function mailAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/mail', (c) => drawList(c))
  pages.get('/admin/mail/:id', (c) => drawMail(c))
  pages.get('/admin/mail/:id/html', async (c) => {
    const { html } = await findMail(c)
    if (html === null) throw new ShopError(404, 'The mail')
    // The edge forbids this page everything: it is shown in a frame, and anything may stand in it.
    c.header('cache-control', 'private, no-store')
    return c.html(html)
  })
  return pages
}

async function drawList(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['status'])
  const { items, nextCursor } = await read(
    await view.desk.api.v1.admin.emails.$get({ query: { ...query, limit: LIMIT } as object }),
    'The mail',
  )
  return show(
    c,
    <AdminPage view={view} title="Mail">
      <Finder
        action="/admin/mail"
        filters={[
          {
            name: 'status',
            label: 'Status',
            value: query.status,
            all: 'All',
            options: Object.entries(STATUSES).map(([value, { label }]) => ({ value, label })),
          },
        ]}
      />
      <Table
        label="Mail"
        columns={COLUMNS}
        rows={items}
        empty={query.status ? 'No mail stands like that.' : 'The shop has not written to anybody yet.'}
      />
      <Pager path="/admin/mail" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

const findMail = async (c: AdminContext) =>
  read(await c.var.view.desk.api.v1.admin.emails[':id'].$get({ param: { id: c.req.param('id') ?? '' } }), 'The mail')

async function drawMail(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const { id, subject, template, to, status, attempts, error, createdAt, sentAt, text, html, source } =
    await findMail(c)
  const kept = text !== null || html !== null
  return show(
    c,
    <AdminPage view={view} title={subject ?? spellOut(template)} lead={<MailBadge status={status} />}>
      <Facts
        facts={[
          { name: 'To', value: to ?? 'erased' },
          { name: 'Template', value: template },
          { name: 'Written', value: <When at={createdAt} /> },
          { name: 'Sent', value: sentAt && <When at={sentAt} /> },
          { name: 'Tries', value: attempts },
          { name: 'Last trouble', value: error },
        ]}
      />
      {!kept && (
        <p class="mt-6 text-soft">
          Only the envelope is kept here: the mail itself was handed to the mail server, or is still to be written.
        </p>
      )}
      {html !== null && (
        <Part id="drawn" title="As it is read">
          <iframe
            src={`/admin/mail/${id}/html`}
            title="The mail"
            sandbox=""
            loading="lazy"
            class="w-full h-[36rem] border border-edge bg-card"
          />
        </Part>
      )}
      {text !== null && (
        <Part id="text" title="As plain text">
          <Source label="The mail as plain text" text={text} />
        </Part>
      )}
      {source !== null && (
        <details class="mt-8">
          <summary class="quiet">The whole .eml</summary>
          <Source label="The whole .eml" text={source} />
        </details>
      )}
    </AdminPage>,
  )
}
