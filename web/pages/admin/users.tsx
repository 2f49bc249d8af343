import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { ConfirmPage } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { Badge, Facts, Part, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { EMPTY_FORM, type Problem, sayProblem } from '../../state/forms.ts'
import { goTo } from '../site.tsx'
import { type AdminContext, type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'

type User = InferResponseType<Client['v1']['admin']['users']['$get'], 200>['items'][number]
type Role = User['role']

const NEWS: News = { role: 'The role is changed. It counts from now on, wherever this person is signed in.' }

/** What each role may do, for who gives it. */
const ROLES: Record<Role, { label: string; may: string }> = {
  customer: { label: 'Customer', may: 'Buys, and sees nothing of this area.' },
  retailer: { label: 'Retailer', may: 'Works on orders, returns, coupons and reviews.' },
  admin: { label: 'Administrator', may: 'Does all that, and manages users, mail, webhooks, jobs and the audit log.' },
}
const isRole = (text: unknown): text is Role => typeof text === 'string' && Object.hasOwn(ROLES, text)

const userPath = (id: string, act = '') => `/admin/users/${id}${act}`

const COLUMNS: readonly Column<User>[] = [
  {
    name: 'Email',
    cell: ({ id, email }) => (
      <a href={userPath(id)} class="quiet break-all">
        {email}
      </a>
    ),
  },
  { name: 'Role', cell: ({ role }) => <RoleBadge role={role} /> },
  { name: 'Email confirmed', cell: ({ emailVerified }) => (emailVerified ? 'Yes' : 'Not yet') },
  { name: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
]

const RoleBadge = ({ role }: { role: Role }) => (
  <Badge tone={role === 'customer' ? 'plain' : role === 'admin' ? 'open' : 'good'}>{ROLES[role].label}</Badge>
)

/** Who has an account, and who works here. */
export function userAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/users', (c) => drawList(c))
  pages.get('/admin/users/:id', (c) => drawUser(c))
  pages.get('/admin/users/:id/role', async (c) => {
    const role = c.req.query('role')
    return isRole(role) ? confirmRole(c, role) : goTo(c, userPath(c.req.param('id')))
  })
  pages.post('/admin/users/:id/role', async (c) => {
    const id = c.req.param('id')
    const role = (await c.req.formData()).get('role')
    if (!isRole(role)) return goTo(c, userPath(id))
    const { api } = c.var.view.desk
    const problem = await problemIn(
      await api.v1.admin.users[':id'].$patch({ param: { id }, json: { role } }),
      'The user',
    )
    return problem ? confirmRole(c, role, problem) : goTo(c, userPath(id, '?said=role'))
  })
  return pages
}

const isAddress = (email: string | undefined) => email === undefined || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)

async function drawList(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['email', 'role'])
  // What is no address is nobody's; the API would call it a mistake.
  const { items, nextCursor } = isAddress(query.email)
    ? await read(await view.desk.api.v1.admin.users.$get({ query: { ...query, limit: LIMIT } as object }), 'The users')
    : { items: [], nextCursor: null }
  return show(
    c,
    <AdminPage view={view} title="Users">
      <Finder
        action="/admin/users"
        filters={[
          { name: 'email', label: 'Email', value: query.email, hint: 'the whole address' },
          {
            name: 'role',
            label: 'Role',
            value: query.role,
            all: 'All',
            options: Object.entries(ROLES).map(([value, { label }]) => ({ value, label })),
          },
        ]}
      />
      <Table label="Users" columns={COLUMNS} rows={items} empty="Nobody fits that." />
      <Pager path="/admin/users" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

const findUser = async (c: AdminContext): Promise<User> =>
  read(await c.var.view.desk.api.v1.admin.users[':id'].$get({ param: { id: c.req.param('id') ?? '' } }), 'The user')

async function drawUser(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const { id, email, role, emailVerified, locale, createdAt } = await findUser(c)
  return show(
    c,
    <AdminPage view={view} title={email} news={newsOf(c, NEWS)}>
      <div class="max-w-2xl">
        <Facts
          facts={[
            { name: 'Role', value: <RoleBadge role={role} /> },
            { name: 'Email confirmed', value: emailVerified ? 'Yes' : 'Not yet' },
            { name: 'Language', value: locale },
            { name: 'Since', value: <When at={createdAt} /> },
            { name: 'Id', value: <span class="text-sm break-all">{id}</span> },
          ]}
        />
        {view.desk.may('audit.read') && (
          <a href={`/admin/audit?subject=user:${id}`} class="quiet mt-3">
            What the audit log says of this user
          </a>
        )}
        <Part id="roles" title="Role">
          <ul class="border-t border-line">
            {(Object.keys(ROLES) as Role[]).map((one) => (
              <li
                key={one}
                class="py-3 border-b border-line flex flex-wrap items-center justify-between gap-x-6 gap-y-2"
              >
                <div class="min-w-0 basis-64 grow">
                  <p class="font-medium">{ROLES[one].label}</p>
                  <p class="text-sm text-soft">{ROLES[one].may}</p>
                </div>
                {one === role ? (
                  <p class="text-soft">Has this role</p>
                ) : (
                  <a href={userPath(id, `/role?role=${one}`)} class="outline min-h-11! px-5! py-2!">
                    Make {ROLES[one].label.toLowerCase()}
                  </a>
                )}
              </li>
            ))}
          </ul>
        </Part>
      </div>
    </AdminPage>,
  )
}

async function confirmRole(c: AdminContext, role: Role, problem?: Problem): Promise<Response> {
  const { view } = c.var
  const { id, email, role: before } = await findUser(c)
  const self = id === view.desk.user.id
  const page = (
    <ConfirmPage
      view={view}
      title={`Make ${email} ${ROLES[role].label.toLowerCase()}?`}
      back={{ href: userPath(id), label: email }}
      text={
        <>
          <p>
            Today: {ROLES[before].label.toLowerCase()}. From then on: {ROLES[role].label.toLowerCase()}.{' '}
            {ROLES[role].may}
          </p>
          {self && role !== 'admin' && <p class="text-alert">That is you: you will not be able to undo this.</p>}
        </>
      }
      action={userPath(id, `/role?role=${role}`)}
      button="Yes, change the role"
      hidden={{ role }}
      state={problem ? { ...EMPTY_FORM, trouble: sayProblem(problem) } : EMPTY_FORM}
    />
  )
  return show(c, page, problem ? 409 : 200)
}
