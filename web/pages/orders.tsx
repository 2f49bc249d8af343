import { type Context, Hono } from 'hono'
import { BAG_COOKIE } from '../state/bag.ts'
import { findCart } from '../state/cart.ts'
import { EMPTY_FORM, type FormState, type Problem, sayProblem } from '../state/forms.ts'
import {
  cancelOrder,
  confirmPayment,
  findOrder,
  type Key,
  type Order,
  orderPath,
  renewOrder,
  returnOrder,
  startPayment,
  type TestMethod,
} from '../state/orders.ts'
import type { Visit } from '../state/visit.ts'
import { OrderPage } from './shopping/order.tsx'
import { DECLINED, PayPage } from './shopping/pay.tsx'
import { REASONS } from './shopping/returns.tsx'
import { goTo, sendPrivate, type Site } from './site.tsx'

type Asked = { visit: Visit; order: Order; access: Key }

/** An order after it was placed: paying, following, calling off, sending back. */
export function orderPages(site: Site) {
  const pages = new Hono()

  /** Answers with what `use` makes of the order, or that there is none for whoever asks. */
  const withOrder = async (c: Context, use: (asked: Asked) => Promise<Response>) => {
    const visit = site.visit(c)
    const access = { id: c.req.param('id') ?? '', token: c.req.query('token') }
    const order = await findOrder(visit, access)
    return order ? use({ visit, order, access }) : site.notFound(c)
  }

  const show = async (c: Context, { visit, order, access }: Asked, state: FormState = EMPTY_FORM) => {
    const { paymentId, failure } = order.payment
    const asks = order.status === 'pending' && paymentId && !failure
    const answer = asks ? await confirmPayment(visit, { paymentId, key: access }) : undefined
    const payment = answer?.ok ? answer.payment.status : undefined
    // What was paid has left the bag, which the header counts.
    if (order.status !== 'pending' && visit.cookie(BAG_COOKIE)) await findCart(visit)
    const page = (
      <OrderPage frame={await site.frame(c)} {...{ order, access, payment, said: c.req.query('said'), state }} />
    )
    return sendPrivate(c, page, state === EMPTY_FORM ? 200 : 422)
  }
  const refuse = (c: Context, asked: Asked, problem: Problem) =>
    show(c, asked, { ...EMPTY_FORM, trouble: sayProblem(problem) })

  pages.get('/orders/:id', (c) => withOrder(c, (asked) => show(c, asked)))

  pages.post('/orders/:id/cancel', (c) =>
    withOrder(c, async (asked) => {
      const outcome = await cancelOrder(asked.visit, asked.access)
      return outcome.ok ? goTo(c, orderPath(asked.access, '', 'cancelled')) : refuse(c, asked, outcome.problem)
    }),
  )

  pages.post('/orders/:id/return', async (c) => {
    const form = await c.req.formData()
    return withOrder(c, async (asked) => {
      const { state, sending } = readReturn(form, asked.order)
      if (!sending) return show(c, asked, state)
      const outcome = await returnOrder(asked.visit, asked.access, sending)
      return outcome.ok ? goTo(c, orderPath(asked.access, '', 'returned')) : refuse(c, asked, outcome.problem)
    })
  })

  payingPages(pages, site, withOrder)
  return pages
}

type WithOrder = (c: Context, use: (asked: Asked) => Promise<Response>) => Promise<Response>

function payingPages(pages: Hono, site: Site, withOrder: WithOrder): void {
  const payPage = async (c: Context, asked: Asked, more: { trouble?: string; confirming?: boolean } = {}) => {
    const { visit, order, access } = asked
    const { paymentId, failure } = order.payment
    if (order.status !== 'pending' || !paymentId) return goTo(c, orderPath(access))
    const started = failure ? NOT_STARTED : await startPayment(visit, paymentId, access)
    const problem = started.ok ? undefined : started.problem
    // Paid or called off a moment ago: the order says so.
    if (problem && problem.status < 500) return goTo(c, orderPath(access))
    const action = started.ok ? started.action : undefined
    const trouble = more.trouble ?? (problem && SILENT)
    const page = <PayPage frame={await site.frame(c)} {...{ order, access, action, ...more, trouble }} />
    return sendPrivate(c, page, trouble ? 422 : 200)
  }

  const payByTest = async (c: Context, asked: Asked, method: TestMethod) => {
    const { visit, order, access } = asked
    const confirmed = await confirmPayment(visit, { paymentId: order.payment.paymentId ?? '', key: access, method })
    if (!confirmed.ok) return payPage(c, asked, { trouble: sayProblem(confirmed.problem) })
    const { status } = confirmed.payment
    // A try before may have failed; this one waits to be confirmed.
    if (method === 'confirm' && status !== 'succeeded') return payPage(c, asked, { confirming: true })
    if (status === 'failed') return payPage(c, asked, { trouble: DECLINED })
    if (status === 'succeeded') await noted(visit, access)
    return goTo(c, orderPath(access))
  }

  pages.get('/orders/:id/pay', (c) => withOrder(c, (asked) => payPage(c, asked)))

  pages.post('/orders/:id/pay', async (c) => {
    const form = await c.req.formData()
    return withOrder(c, async (asked) => {
      const { visit, order, access } = asked
      const { paymentId, failure } = order.payment
      if (order.status !== 'pending' || !paymentId) return goTo(c, orderPath(access))
      const renewed = failure ? await renewOrder(visit, access) : RENEWED
      if (!renewed.ok) return payPage(c, asked, { trouble: sayProblem(renewed.problem) })
      const method = METHODS.find((one) => one === form.get('method'))
      return method
        ? payByTest(c, { ...asked, order: withoutFailure(order) }, method)
        : goTo(c, orderPath(access, 'pay'))
    })
  })
}

const RENEWED = { ok: true } as const
const withoutFailure = (order: Order): Order => ({ ...order, payment: { ...order.payment, failure: null } })
const NOT_STARTED = { ok: true, action: undefined } as const
const METHODS: readonly TestMethod[] = ['success', 'decline', 'confirm', 'timeout']
const SILENT = 'The payment provider does not answer. Nothing was taken; please try again in a moment.'

const LOOKS = 20
const PAUSE_MS = 100

/** The order hears of its payment a moment later: worth waiting for, so that the next page can say thank you. */
async function noted(visit: Visit, access: Key): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    if ((await findOrder(visit, access))?.status !== 'pending') return
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

function readReturn(form: FormData, order: Order) {
  const values = Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
  const lines = order.lines
    .map(({ id }) => ({ lineId: id, quantity: Number(values[`line-${id}`] ?? 0) }))
    .filter(({ quantity }) => quantity > 0)
  const reason = (Object.keys(REASONS) as (keyof typeof REASONS)[]).find((one) => one === values['reason'])
  const errors = {
    ...(lines.length === 0 && { lines: 'Choose at least one piece.' }),
    ...(!reason && { reason: 'Choose a reason.' }),
  }
  const state: FormState = { values, errors }
  return {
    state,
    sending: lines.length > 0 && reason ? { lines, reason, comment: values['comment'] ?? '' } : undefined,
  }
}
