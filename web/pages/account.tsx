import { type Context, Hono } from 'hono'
import {
  changeMe,
  getMe,
  listAddresses,
  listMyOrders,
  listWishes,
  removeAddress,
  saveAddress,
  wish,
} from '../state/account.ts'
import { noteDone } from '../state/doings.ts'
import { ADDRESS_FIELDS, addressOf } from '../state/address.ts'
import { EMPTY_FORM, type FormState, isFilled, readForm, refused, safeNext } from '../state/forms.ts'
import type { Visit } from '../state/visit.ts'
import { AddressesPage } from './account/addresses.tsx'
import { OrdersPage, OverviewPage, PERSON_FIELDS } from './account/overview.tsx'
import { WishlistPage } from './account/wishlist.tsx'
import { privacyPages } from './privacy.tsx'
import { securityPages } from './security.tsx'
import { goTo, sendPrivate, type Site } from './site.tsx'

/** What is kept for a person who is signed in. */
export function accountPages(site: Site) {
  const pages = new Hono()
  overviewPages(pages, site)
  addressPages(pages, site)
  wishPages(pages, site)
  pages.route('/', securityPages(site))
  pages.route('/', privacyPages(site))
  return pages
}

function overviewPages(pages: Hono, site: Site): void {
  const show = async (c: Context, visit: Visit, refusal?: FormState) => {
    const [frame, me, { items }] = await Promise.all([site.frame(c), getMe(visit), listMyOrders(visit, { limit: 3 })])
    const state = refusal ?? { ...EMPTY_FORM, values: { name: me.name ?? '', phone: me.phone ?? '' } }
    const page = <OverviewPage {...{ frame, me, orders: items, state, said: c.req.query('said') }} />
    return sendPrivate(c, page, refusal ? 422 : 200)
  }
  pages.get('/account', (c) => show(c, site.member(c)))
  pages.post('/account', async (c) => {
    const visit = site.member(c)
    const state = readForm(await c.req.formData(), PERSON_FIELDS)
    if (!isFilled(state)) return show(c, visit, state)
    const { name = '', phone = '' } = state.values
    const outcome = await changeMe(visit, { name, phone })
    return outcome.ok ? goTo(c, '/account?said=saved') : show(c, visit, refused(state, PERSON_FIELDS, outcome.problem))
  })
  pages.get('/account/orders', async (c) => {
    const visit = site.member(c)
    const wanted = { limit: 20, cursor: c.req.query('cursor') }
    const [frame, { items, nextCursor }] = await Promise.all([site.frame(c), listMyOrders(visit, wanted)])
    return sendPrivate(c, <OrdersPage {...{ frame, orders: items, nextCursor }} />)
  })
}

function addressPages(pages: Hono, site: Site): void {
  type Showing = { visit: Visit; edit?: string | undefined; refusal?: FormState }
  const show = async (c: Context, { visit, edit, refusal }: Showing) => {
    const [frame, addresses] = await Promise.all([site.frame(c), listAddresses(visit)])
    const edited = addresses.find(({ id }) => id === edit)
    const known = { frame, addresses, edited, said: c.req.query('said') }
    const page = <AddressesPage {...known} state={refusal ?? EMPTY_FORM} />
    return sendPrivate(c, page, refusal ? 422 : 200)
  }
  pages.get('/account/addresses', (c) => show(c, { visit: site.member(c), edit: c.req.query('edit') }))
  for (const path of ['/account/addresses', '/account/addresses/:id'] as const)
    pages.post(path, async (c) => {
      const visit = site.member(c)
      const form = await c.req.formData()
      const id = c.req.param('id')
      const state = readForm(form, ADDRESS_FIELDS)
      if (!isFilled(state)) return show(c, { visit, edit: id, refusal: state })
      const address = { ...addressOf(state.values), isDefault: form.get('isDefault') === 'yes' }
      const outcome = await saveAddress(visit, address, id)
      if (outcome.ok) return goTo(c, '/account/addresses?said=address')
      return show(c, { visit, edit: id, refusal: refused(state, ADDRESS_FIELDS, outcome.problem) })
    })
  pages.post('/account/addresses/:id/remove', async (c) => {
    const visit = site.member(c)
    await removeAddress(visit, c.req.param('id'))
    return goTo(c, '/account/addresses?said=removed')
  })
}

function wishPages(pages: Hono, site: Site): void {
  pages.get('/account/wishlist', async (c) => {
    const visit = site.member(c)
    const [frame, wishes] = await Promise.all([site.frame(c), listWishes(visit, c.req.query('cursor'))])
    return sendPrivate(c, <WishlistPage {...{ frame, ...wishes, said: c.req.query('said') }} />)
  })
  for (const act of ['add', 'remove'] as const)
    pages.post(`/account/wishlist/${act}`, async (c) => {
      const form = await c.req.formData()
      const productId = String(form.get('productId') ?? '')
      // A guest is asked to sign in, and has wished for it already.
      if (act === 'add') await noteDone(site.visit(c), { kind: 'wishlist', productId })
      await wish(site.member(c), productId, act === 'add')
      return goTo(c, safeNext(form.get('back') as string | null, '/account/wishlist?said=removed'))
    })
}
