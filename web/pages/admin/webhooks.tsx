import { Hono } from 'hono'
import { WEBHOOK_EVENTS } from '../../../modules/notify/pure/webhook.ts'
import { AdminForm, ConfirmPage, Tick, Ticks } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Pager } from '../../parts/admin-list.tsx'
import { When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read, spellOut } from '../../state/admin.ts'
import { type FieldSpec, type FormState, isFilled, type Problem, readForm, refused } from '../../state/forms.ts'
import { goTo } from '../site.tsx'
import { deliveryPages } from './deliveries.tsx'
import { type AdminContext, type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'
import { type Endpoint, EndpointBadge, findEndpoint, SecretPage, webhookPath } from './webhook.tsx'

type Event = (typeof WEBHOOK_EVENTS)[number]

const NEWS: News = { removed: 'The webhook and its log are gone.' }

const FIELDS: readonly FieldSpec[] = [
  {
    name: 'url',
    label: 'Address',
    type: 'url',
    most: 2000,
    hint: 'The shop posts JSON there, signed as Standard Webhooks has it. It must be reachable from outside.',
    wrong: 'Enter a whole public address, like https://example.com/hooks.',
  },
  { name: 'description', label: 'What it is for', optional: true, wrong: 'Use at most 200 letters.' },
]

const COLUMNS: readonly Column<Endpoint>[] = [
  {
    name: 'Address',
    cell: ({ id, url }) => (
      <a href={webhookPath(id)} class="quiet break-all">
        {url}
      </a>
    ),
  },
  { name: 'Status', cell: (endpoint) => <EndpointBadge endpoint={endpoint} /> },
  { name: 'For', cell: ({ description }) => description },
  { name: 'Events', end: true, cell: ({ events }) => events.length },
  { name: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** Other programs that are told of what happens here. */
export function webhookAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/webhooks', (c) => drawList(c))
  pages.get('/admin/webhooks/new', (c) => drawForm(c, { state: { values: {}, errors: {} }, events: [] }))
  pages.post('/admin/webhooks/new', async (c) => {
    const typed = readEndpoint(await c.req.formData())
    if (!isFilled(typed.state)) return drawForm(c, typed)
    const { api } = c.var.view.desk
    const answer = await api.v1.admin.webhooks.$post({ json: jsonOf(typed) })
    // No address of its own: opened again, the page must not show the secret again.
    if (answer.ok) return show(c, <SecretPage view={c.var.view} {...await answer.json()} />)
    const problem = await problemIn(answer, 'The webhook')
    return drawForm(c, { ...typed, state: refusedBy(typed.state, problem) })
  })
  pages.get('/admin/webhooks/:id/edit', async (c) => {
    const endpoint = await findEndpoint(c)
    const { url, description, events } = endpoint
    return drawForm(c, { state: { values: { url, description }, errors: {} }, events }, endpoint)
  })
  pages.post('/admin/webhooks/:id/edit', async (c) => {
    const endpoint = await findEndpoint(c)
    const typed = readEndpoint(await c.req.formData())
    if (!isFilled(typed.state)) return drawForm(c, typed, endpoint)
    const { api } = c.var.view.desk
    const param = { id: endpoint.id }
    const problem = await problemIn(
      await api.v1.admin.webhooks[':id'].$patch({ param, json: jsonOf(typed) }),
      'The webhook',
    )
    if (problem) return drawForm(c, { ...typed, state: refusedBy(typed.state, problem) }, endpoint)
    return goTo(c, webhookPath(endpoint.id, '?said=changed'))
  })
  switchPages(pages)
  pages.route('/', deliveryPages())
  return pages
}

/** On, off, another secret, gone. */
function switchPages(pages: Hono<AdminEnv>): void {
  for (const [act, enabled] of [
    ['disable', false],
    ['enable', true],
  ] as const)
    pages.post(`/admin/webhooks/:id/${act}`, async (c) => {
      const { api } = c.var.view.desk
      const param = { id: c.req.param('id') ?? '' }
      await problemIn(await api.v1.admin.webhooks[':id'].$patch({ param, json: { enabled } }), 'The webhook')
      return goTo(c, webhookPath(param.id, `?said=${act}d`))
    })
  pages.get('/admin/webhooks/:id/rotate', async (c) => {
    const { id, url } = await findEndpoint(c)
    const page = (
      <ConfirmPage
        view={c.var.view}
        title="Exchange the secret?"
        back={{ href: webhookPath(id), label: url }}
        text={
          <p>You see the new secret once. For a day messages carry the signatures of both, then of the new alone.</p>
        }
        action={webhookPath(id, '/rotate')}
        button="Yes, exchange it"
      />
    )
    return show(c, page)
  })
  pages.post('/admin/webhooks/:id/rotate', async (c) => {
    const { id, url } = await findEndpoint(c)
    const { api } = c.var.view.desk
    const { secret } = await read(await api.v1.admin.webhooks[':id'].rotate.$post({ param: { id } }), 'The webhook')
    return show(c, <SecretPage view={c.var.view} id={id} url={url} secret={secret} />)
  })
  pages.get('/admin/webhooks/:id/remove', async (c) => {
    const { id, url } = await findEndpoint(c)
    const page = (
      <ConfirmPage
        view={c.var.view}
        title="Remove the webhook?"
        back={{ href: webhookPath(id), label: url }}
        text={<p>It is told of nothing any more, and the log of what it was told is deleted. This cannot be undone.</p>}
        action={webhookPath(id, '/remove')}
        button="Yes, remove it"
      />
    )
    return show(c, page)
  })
  pages.post('/admin/webhooks/:id/remove', async (c) => {
    const { api } = c.var.view.desk
    await problemIn(await api.v1.admin.webhooks[':id'].$delete({ param: { id: c.req.param('id') } }), 'The webhook')
    return goTo(c, '/admin/webhooks?said=removed')
  })
}

async function drawList(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, [])
  const { items, nextCursor } = await read(
    await view.desk.api.v1.admin.webhooks.$get({ query: { ...query, limit: LIMIT } }),
    'The webhooks',
  )
  return show(
    c,
    <AdminPage
      view={view}
      title="Webhooks"
      news={newsOf(c, NEWS)}
      actions={
        <a href="/admin/webhooks/new" class="solid">
          New webhook
        </a>
      }
    >
      <Table label="Webhooks" columns={COLUMNS} rows={items} empty="No other program is told of what happens here." />
      <Pager path="/admin/webhooks" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

type Typed = { state: FormState; events: readonly string[] }

const isEvent = (text: unknown): text is Event => (WEBHOOK_EVENTS as readonly unknown[]).includes(text)

function readEndpoint(form: FormData): Typed {
  const state = readForm(form, FIELDS)
  const events = form.getAll('events').filter(isEvent)
  if (!/^https?:\/\/\S+$/.test(state.values['url'] ?? '')) state.errors['url'] = FIELDS[0]?.wrong ?? ''
  if (events.length === 0) state.errors['events'] = 'Choose at least one event.'
  return { state, events }
}

const jsonOf = ({ state: { values }, events }: Typed) => ({
  url: values['url'] ?? '',
  description: values['description'] ?? '',
  events: events.filter(isEvent),
})

function refusedBy(state: FormState, problem: Problem | undefined): FormState {
  if (!problem) return state
  if (problem.status !== 422) return refused(state, FIELDS, problem)
  const url = `The shop may not post there (${spellOut(String(problem.details['reason'] ?? 'refused')).toLowerCase()}).`
  return { ...state, errors: { ...state.errors, url } }
}

function drawForm(c: AdminContext, { state, events }: Typed, endpoint?: Endpoint): Response {
  const page = (
    <AdminPage
      view={c.var.view}
      title={endpoint ? 'Change the webhook' : 'New webhook'}
      back={endpoint && { href: webhookPath(endpoint.id), label: endpoint.url }}
    >
      <AdminForm
        action={endpoint ? webhookPath(endpoint.id, '/edit') : '/admin/webhooks/new'}
        specs={FIELDS}
        state={state}
        button={endpoint ? 'Save' : 'Create the webhook'}
      >
        <Ticks name="events" legend="Events it is told of" error={state.errors['events']}>
          <div class="grid sm:grid-cols-2">
            {WEBHOOK_EVENTS.map((event) => (
              <Tick key={event} name="events" value={event} label={event} checked={events.includes(event)} />
            ))}
          </div>
        </Ticks>
      </AdminForm>
    </AdminPage>
  )
  return show(c, page, isFilled(state) && !state.trouble ? 200 : 422)
}
