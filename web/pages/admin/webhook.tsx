import type { InferResponseType } from 'hono/client'
import type { Client } from '../../../openapi/client.ts'
import { Act } from '../../parts/admin-form.tsx'
import { AdminPage, type View } from '../../parts/admin-layout.tsx'
import { Pager } from '../../parts/admin-list.tsx'
import { Badge, Facts, Part, Source, type Tone, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { read } from '../../state/admin.ts'
import type { AdminContext } from './office.tsx'

type Webhooks = Client['v1']['admin']['webhooks']
export type Endpoint = InferResponseType<Webhooks['$get'], 200>['items'][number]
export type Delivery = InferResponseType<Webhooks[':id']['deliveries']['$get'], 200>['items'][number]
export type WholeDelivery = InferResponseType<Webhooks[':id']['deliveries'][':deliveryId']['$get'], 200>

export const webhookPath = (id: string, act = ''): string => `/admin/webhooks/${id}${act}`

export const findEndpoint = async (c: AdminContext): Promise<Endpoint> =>
  read(
    await c.var.view.desk.api.v1.admin.webhooks[':id'].$get({ param: { id: c.req.param('id') ?? '' } }),
    'The webhook',
  )

export function EndpointBadge({ endpoint: { enabled, failingSince } }: { endpoint: Endpoint }) {
  if (!enabled) return <Badge tone="bad">Off</Badge>
  return failingSince === null ? <Badge tone="good">On</Badge> : <Badge tone="bad">On, and failing</Badge>
}

export const DELIVERY_STATUSES: Record<Delivery['status'], { label: string; tone: Tone }> = {
  waiting: { label: 'Waits', tone: 'plain' },
  delivered: { label: 'Delivered', tone: 'good' },
  failed: { label: 'Given up', tone: 'bad' },
}

const DeliveryBadge = ({ status }: Pick<Delivery, 'status'>) => (
  <Badge tone={DELIVERY_STATUSES[status].tone}>{DELIVERY_STATUSES[status].label}</Badge>
)

/** The only time that a secret is seen. */
export function SecretPage({ view, id, url, secret }: { view: View; id: string; url: string; secret: string }) {
  return (
    <AdminPage view={view} title="The secret of this webhook" back={{ href: webhookPath(id), label: url }}>
      <div class="max-w-xl grid gap-4">
        <p>
          Keep it where the other program finds it: with it that program proves that a message is ours. It is shown this
          once, and nobody here can look it up again.
        </p>
        <Source label="The secret" text={secret} />
        <p>
          <a href={webhookPath(id)} class="solid">
            I have kept it
          </a>
        </p>
      </div>
    </AdminPage>
  )
}

type EndpointViewProps = {
  view: View
  endpoint: Endpoint
  deliveries: { items: Delivery[]; nextCursor: string | null }
  query: Record<string, string | undefined>
  news?: string | undefined
}

export function EndpointView({ view, endpoint, deliveries, query, news }: EndpointViewProps) {
  const { id, url, description, events, enabled, disabledReason, failingSince, createdAt } = endpoint
  const columns: readonly Column<Delivery>[] = [
    {
      name: 'Event',
      cell: ({ id: deliveryId, event }) => (
        <a href={webhookPath(id, `/deliveries/${deliveryId}`)} class="quiet font-medium break-words">
          {event}
        </a>
      ),
    },
    { name: 'Status', cell: ({ status }) => <DeliveryBadge status={status} /> },
    { name: 'Made', cell: (delivery) => <When at={delivery.createdAt} /> },
    { name: 'Next try', cell: ({ nextAt }) => nextAt && <When at={nextAt} /> },
    { name: 'Tries', end: true, cell: ({ attempts }) => attempts },
  ]
  return (
    <AdminPage
      view={view}
      title="Webhook"
      lead={<EndpointBadge endpoint={endpoint} />}
      news={news}
      actions={<EndpointActs id={id} enabled={enabled} />}
    >
      <Facts
        facts={[
          { name: 'Address', value: <span class="break-all">{url}</span> },
          { name: 'For', value: description },
          { name: 'Events', value: events.join(', ') },
          { name: 'Switched off', value: disabledReason },
          { name: 'Failing since', value: failingSince && <When at={failingSince} /> },
          { name: 'Since', value: <When at={createdAt} /> },
        ]}
      />
      <p class="mt-3 flex flex-wrap gap-x-6">
        <a href={webhookPath(id, '/edit')} class="quiet">
          Change it
        </a>
        <a href={webhookPath(id, '/rotate')} class="quiet">
          Exchange the secret
        </a>
        <a href={webhookPath(id, '/remove')} class="quiet">
          Remove it
        </a>
      </p>
      <Part id="log" title="What it was told">
        <Table label="Messages" columns={columns} rows={deliveries.items} empty="Nothing yet. Try a test message." />
        <Pager path={webhookPath(id)} query={query} nextCursor={deliveries.nextCursor} />
      </Part>
    </AdminPage>
  )
}

function EndpointActs({ id, enabled }: { id: string; enabled: boolean }) {
  return (
    <div class="flex flex-wrap gap-3">
      <Act action={webhookPath(id, '/ping')} button="Send a test message" look="solid" />
      <Act action={webhookPath(id, enabled ? '/disable' : '/enable')} button={enabled ? 'Switch off' : 'Switch on'} />
    </div>
  )
}

type DeliveryViewProps = { view: View; endpoint: Endpoint; delivery: WholeDelivery; news?: string | undefined }

export function DeliveryView({ view, endpoint, delivery, news }: DeliveryViewProps) {
  const { id, event, messageId, status, payload, log, nextAt, createdAt } = delivery
  return (
    <AdminPage
      view={view}
      title={event}
      back={{ href: webhookPath(endpoint.id), label: endpoint.url }}
      lead={<DeliveryBadge status={status} />}
      news={news}
      actions={<Act action={webhookPath(endpoint.id, `/deliveries/${id}/redeliver`)} button="Send it again" />}
    >
      <Facts
        facts={[
          { name: 'Message', value: <span class="break-all">{messageId}</span> },
          { name: 'Made', value: <When at={createdAt} /> },
          { name: 'Next try', value: nextAt && <When at={nextAt} /> },
        ]}
      />
      <Part id="attempts" title="Every try">
        <Table
          label="Tries"
          columns={[
            { name: 'When', cell: ({ at }) => <When at={at} /> },
            { name: 'Answer', cell: (attempt) => attempt.status },
            { name: 'Trouble', cell: ({ error }) => error && <span class="break-words">{error}</span> },
            { name: 'Took', end: true, cell: ({ millis }) => `${millis} ms` },
          ]}
          rows={log}
          empty="It was not tried yet."
        />
      </Part>
      <Part id="payload" title="What it says">
        <Source label="The message" text={JSON.stringify(payload, null, 2)} />
      </Part>
    </AdminPage>
  )
}
