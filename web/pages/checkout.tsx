import { type Context, Hono } from 'hono'
import { type Cart, findCart, shippingOptions } from '../state/cart.ts'
import {
  DETAILS_FIELDS,
  type Draft,
  forgetDraft,
  keepDraft,
  listProviders,
  placeOrder,
  readDraft,
  sayRefusal,
} from '../state/checkout.ts'
import { getMe, listAddresses } from '../state/account.ts'
import { type Address, valuesOf } from '../state/address.ts'
import { SignInNeeded } from '../state/shop.ts'
import { EMPTY_FORM, type FormState, isFilled, readForm } from '../state/forms.ts'
import { orderPath } from '../state/orders.ts'
import type { Visit } from '../state/visit.ts'
import { DeliveryPage, DetailsPage } from './shopping/checkout.tsx'
import { goTo, sendPrivate, type Site } from './site.tsx'

type Chosen = { option?: string | undefined; provider?: string | undefined }
type Asked = { visit: Visit; cart: Cart; draft: Draft }

/** From the bag to an order that waits to be paid: two forms without a line of script. */
export function checkoutPages(site: Site) {
  const pages = new Hono()
  detailsPages(pages, site)
  deliveryPages(pages, site)
  return pages
}

function detailsPages(pages: Hono, site: Site): void {
  const show = async (c: Context, { visit, cart }: Omit<Asked, 'draft'>, state: FormState) => {
    const [frame, member] = await Promise.all([site.frame(c), visit.hasSession ? findMember(visit) : undefined])
    const values = { ...(member && { email: member.email }), ...state.values }
    const page = <DetailsPage {...{ frame, cart, member, state: { ...state, values } }} />
    return sendPrivate(c, page, isFilled(state) && !state.trouble ? 200 : 422)
  }

  pages.get('/checkout', async (c) => {
    const visit = site.visit(c)
    const cart = await findCart(visit)
    if (!cart?.ready) return goTo(c, '/cart')
    const draft = readDraft(visit)
    const values = draft ? { email: draft.email, ...valuesOf(draft.address) } : { country: 'DE' }
    return show(c, { visit, cart }, { ...EMPTY_FORM, values })
  })
  pages.post('/checkout', async (c) => {
    const visit = site.visit(c)
    const form = await c.req.formData()
    const cart = await findCart(visit)
    if (!cart?.ready) return goTo(c, '/cart')
    const state = readForm(form, DETAILS_FIELDS)
    if (!isFilled(state)) return show(c, { visit, cart }, state)
    if (!keepDraft(visit, state.values)) return show(c, { visit, cart }, { ...state, trouble: TOO_LONG })
    return goTo(c, '/checkout/delivery')
  })
}

/** Who is signed in, with where they have things sent; undefined when the session is over. */
async function findMember(visit: Visit): Promise<{ email: string; addresses: Address[] } | undefined> {
  try {
    const [{ email }, addresses] = await Promise.all([getMe(visit), listAddresses(visit)])
    return { email, addresses }
  } catch (error) {
    if (error instanceof SignInNeeded) return undefined
    throw error
  }
}

type Refusal = { trouble: string; status: 409 | 422 }

/** What both the page and its form need; else where to begin. */
async function asked(c: Context, visit: Visit): Promise<Asked | Response> {
  const draft = readDraft(visit)
  if (!draft) return goTo(c, '/checkout')
  const cart = await findCart(visit)
  return cart?.ready ? { visit, cart, draft } : goTo(c, '/cart')
}

function deliveryPages(pages: Hono, site: Site): void {
  const show = async (c: Context, { visit, cart, draft }: Asked, chosen: Chosen, refusal?: Refusal) => {
    const [frame, options, providers] = await Promise.all([
      site.frame(c),
      shippingOptions(visit, cart.id, draft.address.country),
      listProviders(visit),
    ])
    const known = { frame, cart, draft, options, providers }
    const page = <DeliveryPage {...known} {...{ chosen, orderKey: crypto.randomUUID(), trouble: refusal?.trouble }} />
    return sendPrivate(c, page, refusal?.status ?? 200)
  }

  pages.get('/checkout/delivery', async (c) => {
    const ready = await asked(c, site.visit(c))
    return ready instanceof Response ? ready : show(c, ready, {})
  })
  pages.post('/checkout/delivery', async (c) => {
    const visit = site.visit(c)
    const form = await c.req.formData()
    const ready = await asked(c, visit)
    if (ready instanceof Response) return ready
    const { cart, draft } = ready
    const text = (name: string) => String(form.get(name) ?? '')
    const [option, provider, key] = [text('option'), text('provider'), text('key')]
    const amount = Number(text(`total-${option}`))
    if (!option || !provider || !Number.isInteger(amount))
      return show(c, ready, { option, provider }, { trouble: CHOOSE, status: 422 })
    const expectedTotal = { amount, currency: cart.totals.total.currency }
    const placed = await placeOrder(visit, { cartId: cart.id, draft, option, provider, expectedTotal, key })
    if (placed.ok) {
      forgetDraft(visit)
      const access = { id: placed.orderId, token: placed.token }
      return goTo(c, placed.toPay ? orderPath(access, 'pay') : orderPath(access, '', 'placed'))
    }
    const fresh = (await findCart(visit)) ?? cart
    const options = await shippingOptions(visit, fresh.id, draft.address.country)
    const trouble = sayRefusal(placed.problem, { shown: expectedTotal, options, option })
    return show(c, { ...ready, cart: fresh }, { option, provider }, { trouble, status: 409 })
  })
}

const CHOOSE = 'Choose how it shall come and how you want to pay.'
const TOO_LONG = 'That is more than fits on a parcel. Please shorten it.'
