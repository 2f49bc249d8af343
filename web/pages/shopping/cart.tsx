import { Bill } from '../../parts/bill.tsx'
import { FieldNote, News, Trouble } from '../../parts/form.tsx'
import { type Frame, Layout } from '../../parts/layout.tsx'
import { PickSection } from '../../parts/pick-row.tsx'
import { Picture } from '../../parts/picture.tsx'
import type { Cart, CartCoupon, CartItem } from '../../state/cart.ts'
import type { Pick } from '../../state/picks.ts'
import type { FormState } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import { pictureOf } from '../../state/shapes.ts'

/** Said after something was done, by the word that the address carries. */
const NEWS: Record<string, string> = {
  added: 'It is in your bag.',
  removed: 'Taken out of your bag.',
  coupon: 'The coupon is entered.',
}

type CartPageProps = {
  frame: Frame
  cart: Cart | undefined
  /** What goes with it. */
  picks: Pick[]
  said?: string | undefined
  state: FormState
}

export function CartPage({ frame, cart, picks, said, state }: CartPageProps) {
  const news = said && NEWS[said]
  const filled = cart && cart.items.length > 0
  return (
    <Layout frame={frame} title="Your bag · EshoTry" unlisted>
      <div class="wrap py-10 sm:py-16">
        <h1 class="heading text-4xl sm:text-6xl">Your bag</h1>
        <div class="mt-8">
          <Trouble state={state} />
          {news && !state.trouble && <News>{news}</News>}
          {filled ? <Filled cart={cart} state={state} /> : <Empty />}
        </div>
        <PickSection
          row={{ id: 'goes', title: filled ? 'Goes with what is in your bag' : 'You may like', picks, mixed: true }}
        />
      </div>
    </Layout>
  )
}

function Empty() {
  return (
    <div class="max-w-md">
      <p class="text-soft">There is nothing in it yet.</p>
      <div class="mt-8 flex flex-wrap gap-3">
        <a href="/women" class="solid">
          Shop women
        </a>
        <a href="/men" class="outline">
          Shop men
        </a>
      </div>
      <a href="/quiz" class="quiet mt-4">
        Or take the style quiz
      </a>
    </div>
  )
}

function Filled({ cart, state }: { cart: Cart; state: FormState }) {
  const { totals } = cart
  return (
    <>
      {cart.priceChanged && (
        <News>Some prices have changed since you chose. What is shown here is what holds now.</News>
      )}
      <div class="grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_24rem] gap-10 lg:gap-16 items-start">
        <section aria-label="Pieces">
          <ul class="border-t border-line">
            {cart.items.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ul>
        </section>
        <section aria-labelledby="sum" class="bg-sand p-5 sm:p-7 lg:sticky lg:top-6">
          <h2 id="sum" class="heading text-2xl">
            What it comes to
          </h2>
          <div class="mt-4">
            <Bill {...totals} coupons={cart.coupons.filter(({ applied }) => applied).map(({ code }) => code)} />
          </div>
          <Coupons coupons={cart.coupons} state={state} />
          {cart.ready ? (
            <a href="/checkout" class="solid w-full mt-6">
              To checkout
            </a>
          ) : (
            <p class="mt-6 text-alert">
              Something in your bag cannot be had as it stands. Change it, and you can go on.
            </p>
          )}
        </section>
      </div>
    </>
  )
}

function Item({ item }: { item: CartItem }) {
  const { product, name } = item
  return (
    <li
      id={`item-${item.id}`}
      class="grid grid-cols-[6rem_1fr] sm:grid-cols-[8rem_1fr] gap-4 sm:gap-6 py-6 border-b border-line"
    >
      <div class="aspect-3/4 bg-sand overflow-hidden">
        {product?.image && (
          <Picture picture={pictureOf(product.image)} sizes="8rem" decorative class="w-full h-full object-cover" />
        )}
      </div>
      <div class="min-w-0 flex flex-col">
        <div class="sm:flex justify-between gap-6">
          <div>
            {product && <p class="text-xs text-soft">{product.brand}</p>}
            <h2 class="font-medium">
              {product ? (
                <a href={`/p/${product.slug}?colour=${product.colour.slug}`} class="hover:underline underline-offset-4">
                  {name}
                </a>
              ) : (
                name
              )}
            </h2>
            {product && (
              <p class="text-sm text-soft">
                {product.colour.name}, size {product.size}
              </p>
            )}
          </div>
          <Price item={item} />
        </div>
        <Warning item={item} />
        <div class="mt-auto pt-3 flex flex-wrap items-center gap-x-6">
          {item.availability !== 'gone' && <Quantity item={item} />}
          <form method="post" action={`/cart/items/${item.id}`}>
            <button name="quantity" value="0" class="quiet text-sm" aria-label={`Remove ${name}`}>
              Remove
            </button>
          </form>
        </div>
      </div>
    </li>
  )
}

function Price({ item: { unitPrice, previousPrice, quantity, discount } }: { item: CartItem }) {
  if (!unitPrice) return null
  return (
    <p class="tabular-nums sm:text-right max-sm:mt-1">
      {showMoney({ ...unitPrice, amount: unitPrice.amount * quantity })}
      {quantity > 1 && <span class="block text-sm text-soft">{showMoney(unitPrice)} each</span>}
      {previousPrice && <span class="block text-sm text-alert">was {showMoney(previousPrice)} when you chose it</span>}
      {discount.amount > 0 && <span class="block text-sm text-accent">−{showMoney(discount)} by coupon</span>}
    </p>
  )
}

const WARNINGS: Record<CartItem['availability'], ((item: CartItem) => string) | undefined> = {
  available: undefined,
  insufficient: ({ available }) => `Only ${available} left: take fewer.`,
  sold_out: () => 'Sold out meanwhile: take it out to go on.',
  gone: () => 'Not sold any more: take it out to go on.',
}

function Warning({ item }: { item: CartItem }) {
  const text = WARNINGS[item.availability]?.(item)
  return text ? <p class="mt-2 text-sm text-alert">{text}</p> : null
}

const STEP = 'w-11 h-11 grid place-items-center text-lg leading-none cursor-pointer hover:bg-sand disabled:text-edge'

/** One fewer, one more: buttons of a plain form, so that no script is needed and no key changes anything by surprise. */
function Quantity({ item: { id, name, quantity, available } }: { item: CartItem }) {
  return (
    <form method="post" action={`/cart/items/${id}`} class="inline-flex items-center border border-edge bg-card">
      <button
        name="quantity"
        value={quantity - 1}
        disabled={quantity <= 1}
        class={STEP}
        aria-label={`One fewer: ${name}`}
      >
        −
      </button>
      <span class="min-w-8 text-center tabular-nums">
        <span class="sr-only">Quantity </span>
        {quantity}
      </span>
      <button
        name="quantity"
        value={quantity + 1}
        disabled={quantity >= Math.min(available, 99)}
        class={STEP}
        aria-label={`One more: ${name}`}
      >
        +
      </button>
    </form>
  )
}

const REASONS: Record<NonNullable<CartCoupon['reason']>, string> = {
  unknown: 'We do not know this code.',
  inactive: 'This code is not in use.',
  not_yet_valid: 'This code is not valid yet.',
  expired: 'This code has expired.',
  used_up: 'This code has been used up.',
  other_currency: 'This code is for another currency.',
  not_combinable: 'This code cannot be combined with the other one.',
  below_minimum: 'Your bag is not yet worth enough for this code.',
}

export const sayCoupon = (reason: unknown): string =>
  REASONS[reason as NonNullable<CartCoupon['reason']>] ?? 'This code cannot be used.'

function Coupons({ coupons, state }: { coupons: CartCoupon[]; state: FormState }) {
  const error = state.errors['code']
  return (
    <div class="mt-5 border-t border-line pt-5">
      {coupons.map(({ code, applied, reason }) => (
        <form
          key={code}
          method="post"
          action={`/cart/coupons/${encodeURIComponent(code)}/remove`}
          class="flex items-center gap-3"
        >
          <p class="grow text-[0.95rem]">
            <strong class="font-medium">{code}</strong>{' '}
            <span class={applied ? 'text-soft' : 'text-alert'}>{applied ? 'counts' : sayCoupon(reason)}</span>
          </p>
          <button class="quiet text-sm" aria-label={`Remove the coupon ${code}`}>
            Remove
          </button>
        </form>
      ))}
      <form method="post" action="/cart/coupons">
        <label for="code" class="block text-[0.95rem] font-medium">
          Coupon
        </label>
        <FieldNote name="code" error={error} />
        <div class="mt-2 flex gap-2">
          <input
            id="code"
            name="code"
            value={state.values['code']}
            maxLength={40}
            autocomplete="off"
            autocapitalize="characters"
            autofocus={error !== undefined}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? 'code-error' : undefined}
            class="field"
          />
          <button class="outline min-h-11! px-5!">Enter</button>
        </div>
      </form>
    </div>
  )
}
