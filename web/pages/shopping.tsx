import { type Context, Hono } from 'hono'
import { addCoupon, addToCart, changeItem, findCart, removeCoupon } from '../state/cart.ts'
import { noteDone } from '../state/doings.ts'
import { EMPTY_FORM, type FormState, type Problem, sayProblem } from '../state/forms.ts'
import { listForYou } from '../state/picks.ts'
import { CartPage, sayCoupon } from './shopping/cart.tsx'
import { drawProduct } from './product.tsx'
import { goTo, sendPrivate, type Site } from './site.tsx'

/** The bag: what is put in, how many, and coupons. */
export function shoppingPages(site: Site) {
  const pages = new Hono()
  const drawCart = async (c: Context, state: FormState = EMPTY_FORM) => {
    const visit = site.visit(c)
    const [frame, cart] = await Promise.all([site.frame(c), findCart(visit)])
    const goes = cart && cart.items.length > 0 ? { context: 'cart', cart: cart.id } : {}
    const picks = await listForYou(visit, { limit: 4, ...goes })
    const status = state === EMPTY_FORM ? 200 : 422
    return sendPrivate(c, <CartPage {...{ frame, cart, picks, state }} said={c.req.query('said')} />, status)
  }
  pages.get('/cart', (c) => drawCart(c))

  pages.post('/cart', async (c) => {
    const form = await c.req.formData()
    const [slug, colour, size] = ['slug', 'colour', 'size'].map((name) => String(form.get(name) ?? ''))
    const product = await site.shop.product(slug ?? '')
    if (!product) return site.notFound(c)
    const { id: productId } = product
    const variant = product.variants.find((one) => one.colour === colour && one.size === size)
    const visit = site.visit(c)
    const program = (c.req.header('accept') ?? '').includes('application/json')
    const trouble = variant ? await tryAdding() : 'Choose a size first.'
    async function tryAdding(): Promise<string | undefined> {
      if (!variant?.inStock) return 'This size is sold out.'
      const added = await addToCart(visit, variant.id, 1)
      if (!added.ok) return sayAdding(added.problem)
      await noteDone(visit, { kind: 'add', productId })
      return undefined
    }
    if (program) return trouble ? c.json({ trouble }, 422) : c.json({ added: true }, 200)
    if (!trouble) return goTo(c, '/cart?said=added')
    const asked = { colour: colour ?? '', size: size ?? '' }
    const drawn = await drawProduct(site, await site.frame(c), { product, asked, trouble })
    return sendPrivate(c, drawn, 422)
  })

  pages.post('/cart/items/:id', async (c) => {
    const quantity = Number((await c.req.formData()).get('quantity'))
    const visit = site.visit(c)
    if (!Number.isInteger(quantity) || quantity < 0) return goTo(c, '/cart')
    const outcome = await changeItem(visit, c.req.param('id'), quantity)
    if (outcome && !outcome.ok && outcome.problem.status !== 404)
      return drawCart(c, { ...EMPTY_FORM, trouble: sayProblem(outcome.problem) })
    return goTo(c, quantity === 0 ? '/cart?said=removed' : `/cart#item-${c.req.param('id')}`)
  })

  pages.post('/cart/coupons', async (c) => {
    const code = String((await c.req.formData()).get('code') ?? '').trim()
    const visit = site.visit(c)
    const outcome = code ? await addCoupon(visit, code) : undefined
    if (outcome?.ok) return goTo(c, '/cart?said=coupon')
    const error = outcome ? sayCoupon(outcome.problem.details['reason']) : 'Type the code of your coupon.'
    return drawCart(c, { values: { code }, errors: { code: error } })
  })
  pages.post('/cart/coupons/:code/remove', async (c) => {
    const visit = site.visit(c)
    await removeCoupon(visit, c.req.param('code'))
    return goTo(c, '/cart')
  })
  return pages
}

function sayAdding(problem: Problem): string {
  const { reason, most } = problem.details
  if (reason === 'too_many') return `No more than ${String(most)} of one thing fit in a bag.`
  if (reason === 'other_currency') return 'What is in your bag is sold in another currency. Buy that first.'
  return sayProblem(problem)
}
