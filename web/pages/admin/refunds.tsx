import { Hono } from 'hono'
import { toDecimal } from '../../../modules/payments/pure/decimal.ts'
import { AdminForm, ConfirmPage, Tick } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { When } from '../../parts/admin-marks.tsx'
import { problemIn, readAmount } from '../../state/admin.ts'
import {
  EMPTY_FORM,
  type FieldSpec,
  type FormState,
  isFilled,
  type Problem,
  readForm,
  sayProblem,
} from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import type { Order, OrderReturn } from '../../state/orders.ts'
import { ShopError } from '../../state/shop.ts'
import type { Money } from '../../state/views.ts'
import { REASONS } from '../shopping/returns.tsx'
import { goTo } from '../site.tsx'
import { type AdminContext, type AdminEnv, findOrder, show } from './office.tsx'
import { backTo, orderPath, returnedPieces } from './order.tsx'

/** The same press twice gives money back once: the form carries the key of its answer. */
const KEY = 'key'
const keyOf = (form: FormData): string => {
  const key = form.get(KEY)
  return typeof key === 'string' && /^[\w-]{8,200}$/.test(key) ? key : crypto.randomUUID()
}

const amountField = (refundable: Money): FieldSpec => ({
  name: 'amount',
  label: `Amount in ${refundable.currency}`,
  keys: 'decimal',
  most: 14,
  half: true,
  hint: `All that is left is ${showMoney(refundable)}.`,
  wrong: `Enter an amount of at most ${showMoney(refundable)}, like 12.50.`,
})

const REASON: FieldSpec = {
  name: 'reason',
  label: 'Reason',
  hint: 'Kept with the order and in the audit log; names of people do not belong there.',
  wrong: 'Say why, in at most 200 letters.',
}

/** Money that goes back, for an order or for the pieces of a return. */
export function refundPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/orders/:id/refund', async (c) => {
    const order = await findOrder(c)
    return drawRefund(c, order, { values: { amount: toDecimal(order.refundable) }, errors: {} })
  })
  pages.post('/admin/orders/:id/refund', async (c) => {
    const order = await findOrder(c)
    const form = await c.req.formData()
    const key = keyOf(form)
    const state = readForm(form, [amountField(order.refundable), REASON])
    const { reason = '' } = state.values
    const amount = readRefund(state, order)
    if (!amount || !isFilled(state)) return drawRefund(c, order, state)
    if (!form.has('confirmed')) return confirmRefund(c, order, { amount, reason, key })
    const { api } = c.var.view.desk
    const problem = await problemIn(
      await api.v1.admin.orders[':id'].refund.$post(
        { param: { id: order.id }, json: { amount, reason } },
        { headers: { 'idempotency-key': key } },
      ),
      'The refund',
    )
    if (problem) return drawRefund(c, order, { ...state, trouble: sayRefusal(problem) })
    return goTo(c, orderPath(order.id, '?said=refunded'))
  })
  returnPages(pages)
  return pages
}

/** The amount that was typed, with a sentence beside the field when it cannot be given. */
function readRefund(state: FormState, { refundable }: Order): Money | undefined {
  const amount = readAmount(state.values['amount'] ?? '', refundable.currency)
  if (amount && amount.amount <= refundable.amount) return amount
  state.errors['amount'] = amountField(refundable).wrong
  return undefined
}

function sayRefusal(problem: Problem): string {
  const { reason } = problem.details
  if (reason === 'nothing_left') return 'There is nothing left to give back.'
  if (reason === 'too_much') return 'Meanwhile somebody gave money back: less is left now than that.'
  if (reason === 'illegal_move') return 'Somebody has answered this return already.'
  return sayProblem(problem)
}

function drawRefund(c: AdminContext, order: Order, state: FormState): Response {
  const possible = order.refundable.amount > 0
  const page = (
    <AdminPage view={c.var.view} title="Refund" back={backTo(order)}>
      {possible ? (
        <AdminForm
          action={orderPath(order.id, 'refund')}
          specs={[amountField(order.refundable), REASON]}
          state={state}
          button="Go on"
        />
      ) : (
        <p class="text-soft">There is nothing to give back: it was not paid, or all of it went back already.</p>
      )}
    </AdminPage>
  )
  return show(c, page, Object.keys(state.errors).length > 0 || state.trouble ? 422 : 200)
}

type Refund = { amount: Money; reason: string; key: string }

function confirmRefund(c: AdminContext, order: Order, { amount, reason, key }: Refund): Response {
  const whole = amount.amount === order.refundable.amount
  const page = (
    <ConfirmPage
      view={c.var.view}
      title={`Give ${showMoney(amount)} back?`}
      back={backTo(order)}
      text={
        <>
          <p>
            {whole
              ? `That is all that is left of order ${order.number}.`
              : `That is a part of the ${showMoney(order.refundable)} that are left of order ${order.number}.`}{' '}
            It goes back the way it came, and cannot be called back.
          </p>
          <p class="text-soft">Reason: {reason}</p>
        </>
      }
      action={orderPath(order.id, 'refund')}
      button={`Yes, give ${showMoney(amount)} back`}
      hidden={{ amount: toDecimal(amount), reason, [KEY]: key }}
    />
  )
  return show(c, page)
}

const returnPath = (order: Order, { id }: OrderReturn, act = '') =>
  orderPath(order.id, `returns/${id}${act && `/${act}`}`)

async function findReturn(c: AdminContext): Promise<{ order: Order; asked: OrderReturn }> {
  const order = await findOrder(c)
  const asked = order.returns.find(({ id }) => id === c.req.param('returnId'))
  if (!asked) throw new ShopError(404, 'The return')
  return { order, asked }
}

function returnPages(pages: Hono<AdminEnv>): void {
  pages.get('/admin/orders/:id/returns/:returnId', async (c) => drawReturn(c, EMPTY_FORM))
  pages.post('/admin/orders/:id/returns/:returnId', async (c) => {
    const { order, asked } = await findReturn(c)
    const form = await c.req.formData()
    const key = keyOf(form)
    const field = { ...amountField(order.refundable), optional: true }
    const state = readForm(form, [field])
    const typed = state.values['amount']
    const refund = typed ? readRefund(state, order) : undefined
    const restock = form.get('restock') === 'yes'
    if (!isFilled(state)) return drawReturn(c, state, restock)
    if (!form.has('confirmed')) return confirmReturn(c, { order, asked, refund, restock, key })
    const { api } = c.var.view.desk
    const problem = await problemIn(
      await api.v1.admin.returns[':id'].receive.$post(
        { param: { id: asked.id }, json: { restock, ...(refund && { refund }) } },
        { headers: { 'idempotency-key': key } },
      ),
      'The return',
    )
    if (problem) return drawReturn(c, { ...state, trouble: sayRefusal(problem) }, restock)
    return goTo(c, orderPath(order.id, '?said=received'))
  })

  pages.get('/admin/orders/:id/returns/:returnId/refuse', (c) => drawRefusal(c))
  pages.post('/admin/orders/:id/returns/:returnId/refuse', async (c) => {
    const { order, asked } = await findReturn(c)
    const { api } = c.var.view.desk
    const problem = await problemIn(
      await api.v1.admin.returns[':id'].refuse.$post({ param: { id: asked.id } }),
      'The return',
    )
    return problem ? drawRefusal(c, problem) : goTo(c, orderPath(order.id, '?said=refused'))
  })
}

async function drawReturn(c: AdminContext, state: FormState, restock = true): Promise<Response> {
  const { order, asked } = await findReturn(c)
  const open = asked.status === 'requested'
  const field: FieldSpec = {
    ...amountField(order.refundable),
    label: `Refund in ${order.refundable.currency}`,
    optional: true,
    hint: `Left empty: what the pieces cost, without delivery. At most ${showMoney(order.refundable)}.`,
    half: false,
  }
  const page = (
    <AdminPage
      view={c.var.view}
      title="Return"
      back={backTo(order)}
      lead={
        <>
          {returnedPieces(order, asked.lines)}. {REASONS[asked.reason]}, announced <When at={asked.requestedAt} />.
        </>
      }
    >
      {asked.comment && <p class="mb-6 max-w-xl">“{asked.comment}”</p>}
      {open ? (
        <>
          <AdminForm action={returnPath(order, asked)} specs={[field]} state={state} button="The pieces are back">
            <div class="mt-4">
              <Tick
                name="restock"
                label="They can be sold again"
                hint="They are counted as stock at once."
                checked={restock}
              />
            </div>
          </AdminForm>
          <p class="mt-6">
            <a href={returnPath(order, asked, 'refuse')} class="quiet">
              Refuse the return
            </a>
          </p>
        </>
      ) : (
        <p class="text-soft">This return was answered already: it is {asked.status}.</p>
      )}
    </AdminPage>
  )
  return show(c, page, state === EMPTY_FORM ? 200 : 422)
}

type Received = { order: Order; asked: OrderReturn; refund: Money | undefined; restock: boolean; key: string }

function confirmReturn(c: AdminContext, { order, asked, refund, restock, key }: Received): Response {
  const page = (
    <ConfirmPage
      view={c.var.view}
      title="Are the pieces back?"
      back={{ href: returnPath(order, asked), label: 'The return' }}
      text={
        <>
          <p>{returnedPieces(order, asked.lines)}.</p>
          <p>
            The shopper gets {refund ? showMoney(refund) : 'what they cost'} back, and{' '}
            {restock ? 'they go back on sale' : 'they are not sold again'}. This cannot be undone.
          </p>
        </>
      }
      action={returnPath(order, asked)}
      button="Yes, refund them"
      hidden={{ [KEY]: key, ...(refund && { amount: toDecimal(refund) }), ...(restock && { restock: 'yes' }) }}
    />
  )
  return show(c, page)
}

async function drawRefusal(c: AdminContext, problem?: Problem): Promise<Response> {
  const { order, asked } = await findReturn(c)
  const page = (
    <ConfirmPage
      view={c.var.view}
      title="Refuse the return?"
      back={{ href: returnPath(order, asked), label: 'The return' }}
      text={<p>The pieces stay with the shopper, and no money goes back. The shopper may announce another return.</p>}
      action={returnPath(order, asked, 'refuse')}
      button="Yes, refuse it"
      state={problem ? { ...EMPTY_FORM, trouble: sayRefusal(problem) } : EMPTY_FORM}
    />
  )
  return show(c, page, problem ? 409 : 200)
}
