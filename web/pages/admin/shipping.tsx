import { Hono } from 'hono'
import { AdminForm } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { problemIn } from '../../state/admin.ts'
import { EMPTY_FORM, type FieldSpec, type FormState, isFilled, readForm, refused } from '../../state/forms.ts'
import { AddressText } from '../shopping/checkout.tsx'
import { goTo } from '../site.tsx'
import { type AdminContext, type AdminEnv, findOrder, show } from './office.tsx'
import { backTo, orderPath } from './order.tsx'

const FIELDS: readonly FieldSpec[] = [
  {
    name: 'carrier',
    label: 'Carrier',
    most: 80,
    optional: true,
    half: true,
    wrong: 'Name the carrier, in at most 80 letters.',
  },
  {
    name: 'code',
    label: 'Tracking number',
    most: 120,
    optional: true,
    half: true,
    wrong: 'Enter the number on the label.',
  },
  {
    name: 'url',
    label: 'Address to follow it at',
    type: 'url',
    most: 400,
    optional: true,
    hint: 'The shopper finds it in the mail and beside the order.',
    wrong: 'Enter a whole address, like https://carrier.example/1Z999.',
  },
]

/** A carrier without a number helps nobody, nor does a number without its carrier. */
function readTracking(form: FormData): FormState {
  const state = readForm(form, FIELDS)
  const { carrier, code, url } = state.values
  if ((code || url) && !carrier) state.errors['carrier'] = 'Name the carrier that this belongs to.'
  if ((carrier || url) && !code) state.errors['code'] = 'Enter the number on the label.'
  if (url && !/^https?:\/\/\S+$/.test(url)) state.errors['url'] = FIELDS[2]?.wrong ?? ''
  return state
}

/** Handing an order to the carrier. */
export function shippingPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/orders/:id/ship', (c) => draw(c, EMPTY_FORM))
  pages.post('/admin/orders/:id/ship', async (c) => {
    const id = c.req.param('id')
    const state = readTracking(await c.req.formData())
    if (!isFilled(state)) return draw(c, state)
    const { carrier = '', code = '', url } = state.values
    const json = carrier ? { tracking: { carrier, code, ...(url && { url }) } } : {}
    const { api } = c.var.view.desk
    const problem = await problemIn(await api.v1.admin.orders[':id'].ship.$post({ param: { id }, json }), 'Shipping')
    return problem ? draw(c, refused(state, FIELDS, problem)) : goTo(c, orderPath(id, '?said=shipped'))
  })
  return pages
}

async function draw(c: AdminContext, state: FormState): Promise<Response> {
  const order = await findOrder(c)
  const page = (
    <AdminPage view={c.var.view} title="Ship it" back={backTo(order)} lead="The shopper is told when it leaves.">
      {order.shippingAddress && (
        <div class="mb-8">
          <AddressText address={order.shippingAddress} />
        </div>
      )}
      <AdminForm action={orderPath(order.id, 'ship')} specs={FIELDS} state={state} button="It has left" />
    </AdminPage>
  )
  return show(c, page, state === EMPTY_FORM ? 200 : 422)
}
