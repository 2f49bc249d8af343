import type { InferResponseType } from 'hono/client'
import { Hono } from 'hono'
import type { Client } from '../../../openapi/client.ts'
import { AdminForm, ConfirmPage, Tick } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { Badge, Facts, Part, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { EMPTY_FORM, type FormState, isFilled, type Problem, readForm, refused, sayProblem } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import { goTo } from '../site.tsx'
import { isStackable, LIMIT_FIELDS, limitsOf, limitValues, NEW_COUPON_FIELDS, readCoupon } from './coupon-form.ts'
import { type AdminContext, type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'

type Coupon = InferResponseType<Client['v1']['admin']['coupons']['$get'], 200>['items'][number]

const NEWS: News = {
  created: 'The coupon can be used.',
  changed: 'The coupon is changed.',
  ended: 'The coupon is ended: nobody can use it from now on.',
  resumed: 'The coupon can be used again.',
}

const couponPath = (id: string, act = '') => `/admin/coupons/${id}${act}`

function worth({ kind, percent, amount, currency }: Coupon): string {
  if (kind === 'percent') return `${percent}% off`
  if (kind === 'free_shipping') return 'Free delivery'
  return `${showMoney({ amount: amount ?? 0, currency: currency ?? 'EUR' })} off`
}

function CouponBadge({ active, validFrom, validUntil, totalLimit, used }: Coupon) {
  const now = new Date().toISOString()
  if (!active) return <Badge tone="bad">Ended</Badge>
  if (validUntil !== null && validUntil <= now) return <Badge tone="plain">Expired</Badge>
  if (totalLimit !== null && used >= totalLimit) return <Badge tone="plain">Used up</Badge>
  if (validFrom !== null && validFrom > now) return <Badge tone="plain">Not yet</Badge>
  return <Badge tone="good">In use</Badge>
}

const COLUMNS: readonly Column<Coupon>[] = [
  {
    name: 'Code',
    cell: ({ id, code }) => (
      <a href={couponPath(id)} class="quiet font-medium break-all">
        {code}
      </a>
    ),
  },
  { name: 'Status', cell: (coupon) => <CouponBadge {...coupon} /> },
  { name: 'Gives', cell: worth },
  { name: 'Until', cell: ({ validUntil }) => validUntil && <When at={validUntil} /> },
  {
    name: 'Used',
    end: true,
    cell: ({ used, totalLimit }) => (totalLimit === null ? used : `${used} of ${totalLimit}`),
  },
]

/** What makes an order cheaper: seen, made, limited and ended. */
export function couponAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/coupons', (c) => drawList(c))
  pages.get('/admin/coupons/new', (c) => drawNew(c, { values: { currency: 'EUR' }, errors: {} }))
  pages.post('/admin/coupons/new', async (c) => {
    const form = await c.req.formData()
    const { state, coupon } = readCoupon(form)
    if (!coupon || !isFilled(state)) return drawNew(c, state, isStackable(form))
    const { api } = c.var.view.desk
    const problem = await problemIn(await api.v1.admin.coupons.$post({ json: coupon }), 'The coupon')
    if (!problem) return goTo(c, '/admin/coupons?said=created')
    const again: FormState =
      problem.status === 409
        ? { ...state, errors: { code: 'There is a coupon of this code already: choose another.' } }
        : refused(state, NEW_COUPON_FIELDS, problem)
    return drawNew(c, again, isStackable(form))
  })
  pages.get('/admin/coupons/:id', async (c) => {
    const coupon = await findCoupon(c)
    return drawCoupon(c, coupon, { values: limitValues(coupon), errors: {} })
  })
  pages.post('/admin/coupons/:id', async (c) => {
    const form = await c.req.formData()
    const coupon = await findCoupon(c)
    const state = readForm(form, LIMIT_FIELDS)
    const limits = limitsOf(state)
    if (!isFilled(state)) return drawCoupon(c, coupon, state, isStackable(form))
    const problem = await change(c, { ...limits, stackable: isStackable(form) })
    if (problem) return drawCoupon(c, coupon, refused(state, LIMIT_FIELDS, problem), isStackable(form))
    return goTo(c, couponPath(coupon.id, '?said=changed'))
  })
  endingPages(pages)
  return pages
}

const findCoupon = async (c: AdminContext): Promise<Coupon> =>
  read(await c.var.view.desk.api.v1.admin.coupons[':id'].$get({ param: { id: c.req.param('id') ?? '' } }), 'The coupon')

type Patch = Partial<Pick<Coupon, 'validFrom' | 'validUntil' | 'totalLimit' | 'perUserLimit' | 'stackable' | 'active'>>

async function change(c: AdminContext, json: Patch): Promise<Problem | undefined> {
  const { api } = c.var.view.desk
  const param = { id: c.req.param('id') ?? '' }
  return problemIn(await api.v1.admin.coupons[':id'].$patch({ param, json }), 'The coupon')
}

function endingPages(pages: Hono<AdminEnv>): void {
  pages.get('/admin/coupons/:id/end', (c) => drawEnding(c))
  pages.post('/admin/coupons/:id/end', async (c) => {
    const problem = await change(c, { active: false })
    return problem ? drawEnding(c, problem) : goTo(c, couponPath(c.req.param('id'), '?said=ended'))
  })
  pages.post('/admin/coupons/:id/resume', async (c) => {
    const problem = await change(c, { active: true })
    const { id, ...coupon } = await findCoupon(c)
    if (!problem) return goTo(c, couponPath(id, '?said=resumed'))
    const state = { values: limitValues(coupon), errors: {}, trouble: sayProblem(problem) }
    return drawCoupon(c, { id, ...coupon }, state)
  })
}

async function drawList(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['code'])
  const { items, nextCursor } = await read(
    await view.desk.api.v1.admin.coupons.$get({ query: { ...query, limit: LIMIT } }),
    'The coupons',
  )
  return show(
    c,
    <AdminPage
      view={view}
      title="Coupons"
      news={newsOf(c, NEWS)}
      actions={
        <a href="/admin/coupons/new" class="solid">
          New coupon
        </a>
      }
    >
      <Finder
        action="/admin/coupons"
        filters={[{ name: 'code', label: 'Code', value: query.code, hint: 'how it begins' }]}
      />
      <Table
        label="Coupons"
        columns={COLUMNS}
        rows={items}
        empty={query.code ? 'No code begins like that.' : 'There is no coupon yet.'}
      />
      <Pager path="/admin/coupons" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

const StackableTick = ({ checked }: { checked: boolean }) => (
  <div class="mt-4">
    <Tick
      name="stackable"
      label="Can be combined with others"
      hint="With every other coupon that can be combined too."
      checked={checked}
    />
  </div>
)

function drawNew(c: AdminContext, state: FormState, stackable = false): Response {
  const page = (
    <AdminPage
      view={c.var.view}
      title="New coupon"
      lead="What it gives cannot be changed later; when and how often can."
    >
      <AdminForm action="/admin/coupons/new" specs={NEW_COUPON_FIELDS} state={state} button="Create the coupon">
        <StackableTick checked={stackable} />
      </AdminForm>
    </AdminPage>
  )
  return show(c, page, isFilled(state) && !state.trouble ? 200 : 422)
}

function drawCoupon(c: AdminContext, coupon: Coupon, state: FormState, stackable = coupon.stackable): Response {
  const { id, code, active, used, minimumAmount, currency, createdAt } = coupon
  const actions = active ? (
    <a href={couponPath(id, '/end')} class="outline">
      End it
    </a>
  ) : (
    <form method="post" action={couponPath(id, '/resume')}>
      <button class="outline">Let it be used again</button>
    </form>
  )
  const page = (
    <AdminPage
      view={c.var.view}
      title={code}
      news={newsOf(c, NEWS)}
      actions={actions}
      lead={<CouponBadge {...coupon} />}
    >
      <div class="max-w-xl">
        <Facts
          facts={[
            { name: 'Gives', value: worth(coupon) },
            {
              name: 'From',
              value: minimumAmount !== null && showMoney({ amount: minimumAmount, currency: currency ?? 'EUR' }),
            },
            { name: 'Used', value: used === 1 ? 'once' : `${used} times` },
            { name: 'Made', value: <When at={createdAt} /> },
          ]}
        />
        <Part id="limits" title="When and how often">
          <AdminForm action={couponPath(id)} specs={LIMIT_FIELDS} state={state} button="Save">
            <StackableTick checked={stackable} />
          </AdminForm>
        </Part>
      </div>
    </AdminPage>
  )
  return show(c, page, isFilled(state) && !state.trouble ? 200 : 422)
}

async function drawEnding(c: AdminContext, problem?: Problem): Promise<Response> {
  const { id, code } = await findCoupon(c)
  const page = (
    <ConfirmPage
      view={c.var.view}
      title={`End ${code}?`}
      back={{ href: couponPath(id), label: code }}
      text={<p>Nobody can use it from then on, not even who has it in the bag already. Orders placed keep it.</p>}
      action={couponPath(id, '/end')}
      button="Yes, end it"
      state={problem ? { ...EMPTY_FORM, trouble: sayProblem(problem) } : EMPTY_FORM}
    />
  )
  return show(c, page, problem ? 409 : 200)
}
