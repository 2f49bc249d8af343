import type { ComponentChildren } from 'preact'
import { Bill } from '../../parts/bill.tsx'
import { Field, Fields, Trouble } from '../../parts/form.tsx'
import { type Frame, Layout } from '../../parts/layout.tsx'
import { Picture } from '../../parts/picture.tsx'
import { type Address, ADDRESS_FIELDS, addressLines, valuesOf } from '../../state/address.ts'
import type { Cart, ShippingOption } from '../../state/cart.ts'
import { CONTACT, DETAILS_FIELDS, type Draft, type Provider } from '../../state/checkout.ts'
import type { FormState } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import { pictureOf } from '../../state/shapes.ts'

const STEPS = ['Address', 'Delivery', 'Payment']

type StepProps = {
  frame: Frame
  /** From 1. */
  step: number
  title: string
  islands?: string[]
  aside: ComponentChildren
  children: ComponentChildren
}

/** One of the three steps of the checkout, beside what is bought. */
export function CheckoutStep({ frame, step, title, islands = [], aside, children }: StepProps) {
  return (
    <Layout frame={frame} title={`${title} · Checkout · EshoTry`} islands={islands} unlisted>
      <div class="wrap py-8 sm:py-14">
        <nav aria-label="Steps of the checkout">
          <ol class="flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
            {STEPS.map((name, index) => (
              <li
                key={name}
                aria-current={index + 1 === step ? 'step' : undefined}
                class="inline-flex items-center gap-2 aria-[current=step]:text-ink aria-[current=step]:font-medium"
              >
                <span class="grid place-items-center w-6 h-6 rounded-full border border-current text-xs">
                  {index + 1}
                </span>
                {name}
              </li>
            ))}
          </ol>
        </nav>
        <h1 class="heading text-4xl sm:text-5xl mt-5">{title}</h1>
        <div class="mt-8 grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_24rem] gap-10 lg:gap-16 items-start">
          <div class="min-w-0 max-w-2xl">{children}</div>
          <aside aria-label="Your order" class="bg-sand p-5 sm:p-7 lg:sticky lg:top-6">
            {aside}
          </aside>
        </div>
      </div>
    </Layout>
  )
}

/** The pieces of a bag in short. */
export function BagList({ cart }: { cart: Cart }) {
  return (
    <>
      <div class="flex items-baseline justify-between gap-4">
        <h2 class="heading text-2xl">Your bag</h2>
        <a href="/cart" class="quiet text-sm">
          Change
        </a>
      </div>
      <ul class="mt-3 mb-4">
        {cart.items.map(({ id, name, quantity, product, total }) => (
          <li key={id} class="grid grid-cols-[3.5rem_1fr_auto] gap-3 py-2 text-[0.95rem]">
            <div class="aspect-3/4 bg-card overflow-hidden">
              {product?.image && (
                <Picture
                  picture={pictureOf(product.image)}
                  sizes="4rem"
                  decorative
                  class="w-full h-full object-cover"
                />
              )}
            </div>
            <p class="min-w-0">
              {name}
              {product && (
                <span class="block text-sm text-soft">
                  {product.colour.name}, {product.size}
                  {quantity > 1 && `, ${quantity} pieces`}
                </span>
              )}
            </p>
            <p class="tabular-nums">{showMoney(total)}</p>
          </li>
        ))}
      </ul>
    </>
  )
}

const couponsOf = (cart: Cart) => cart.coupons.filter(({ applied }) => applied).map(({ code }) => code)

type DetailsProps = {
  frame: Frame
  cart: Cart
  state: FormState
  /** Undefined for a guest. */
  member: { email: string; addresses: Address[] } | undefined
}

/** The first step: who it is for, and where it goes. */
export function DetailsPage({ frame, cart, state, member }: DetailsProps) {
  const saved = member?.addresses ?? []
  const aside = (
    <>
      <BagList cart={cart} />
      <Bill {...cart.totals} coupons={couponsOf(cart)} />
    </>
  )
  return (
    <CheckoutStep frame={frame} step={1} title="Where shall we send it?" aside={aside}>
      <Trouble state={state} specs={DETAILS_FIELDS} />
      {!member && (
        <p class="mb-8 text-soft">
          You need no account to buy. Have one?{' '}
          <a href="/login?next=/checkout" class="quiet text-ink">
            Sign in
          </a>
        </p>
      )}
      {member && saved.length > 0 && <SavedAddresses saved={saved} email={member.email} />}
      <form method="post" action="/checkout" novalidate>
        <fieldset>
          <legend class="heading text-2xl mb-4">Contact</legend>
          <div class="grid grid-cols-2 gap-x-4">
            <Field spec={CONTACT} state={state} />
          </div>
        </fieldset>
        <fieldset class="mt-10">
          <legend class="heading text-2xl mb-4">{saved.length > 0 ? 'Or to another address' : 'Address'}</legend>
          <Fields specs={ADDRESS_FIELDS} state={state} />
        </fieldset>
        <button type="submit" class="solid w-full sm:w-auto mt-8">
          Go on to delivery
        </button>
      </form>
    </CheckoutStep>
  )
}

function SavedAddresses({ saved, email }: { saved: Address[]; email: string }) {
  return (
    <section aria-labelledby="saved" class="mb-10">
      <h2 id="saved" class="heading text-2xl mb-4">
        Your addresses
      </h2>
      <ul class="grid sm:grid-cols-2 gap-3">
        {saved.map((address) => (
          <li key={addressLines(address).join()} class="border border-line bg-card p-4 flex flex-col">
            <AddressText address={address} />
            <form method="post" action="/checkout" class="mt-auto pt-3">
              {Object.entries({ email, ...valuesOf(address) }).map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
              <button class="outline w-full min-h-11!" aria-label={`Send it here: ${address.name}, ${address.line1}`}>
                Send it here
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function AddressText({ address }: { address: Address }) {
  return (
    <address class="not-italic text-[0.95rem]">
      {addressLines(address).map((line) => (
        <span key={line} class="block">
          {line}
        </span>
      ))}
    </address>
  )
}

type DeliveryProps = {
  frame: Frame
  cart: Cart
  draft: Draft
  options: ShippingOption[]
  providers: Provider[]
  /** What was chosen before: the option, and how to pay. */
  chosen: { option?: string | undefined; provider?: string | undefined }
  trouble?: string | undefined
  orderKey: string
}

/** The second step: how it is sent, how it is paid, and what it comes to. */
export function DeliveryPage({ frame, cart, draft, options, providers, chosen, trouble, orderKey }: DeliveryProps) {
  const option = options.find(({ id }) => id === chosen.option) ?? options[0]
  const aside = (
    <>
      <BagList cart={cart} />
      {options.map((one) => (
        <div key={one.id} data-bill={one.id} hidden={one !== option}>
          <OptionBill option={one} cart={cart} />
        </div>
      ))}
    </>
  )
  return (
    <CheckoutStep frame={frame} step={2} title="Delivery and payment" islands={['delivery']} aside={aside}>
      <Trouble state={{ values: {}, errors: {}, trouble }} />
      <section aria-labelledby="to" class="flex flex-wrap gap-x-8 gap-y-2 border-y border-line py-4 mb-8">
        <div class="grow">
          <h2 id="to" class="label text-soft mb-1">
            It goes to
          </h2>
          <AddressText address={draft.address} />
          <p class="text-[0.95rem] text-soft">{draft.email}</p>
        </div>
        <a href="/checkout" class="quiet text-sm self-start">
          Change <span class="sr-only">the address</span>
        </a>
      </section>
      {option ? (
        <form method="post" action="/checkout/delivery">
          <input type="hidden" name="key" value={orderKey} />
          <Choices legend="Delivery">
            {options.map((one) => (
              <Choice key={one.id} name="option" value={one.id} checked={one === option}>
                <span class="grow">
                  {one.name}
                  <span class="block text-sm text-soft">{daysText(one)}</span>
                </span>
                <span class="tabular-nums text-right">
                  {one.totals.shipping.amount === 0 ? 'free' : showMoney(one.totals.shipping)}
                  <span class="no-js block text-sm text-soft">in all {showMoney(one.totals.total)}</span>
                </span>
                <input type="hidden" name={`total-${one.id}`} value={one.totals.total.amount} />
              </Choice>
            ))}
          </Choices>
          <Choices legend="Payment">
            {providers.map(({ id, name, test }, index) => (
              <Choice
                key={id}
                name="provider"
                value={id}
                checked={chosen.provider ? id === chosen.provider : index === 0}
              >
                <span class="grow">
                  {name}
                  {test && <span class="block text-sm text-soft">No money moves: this shop is being tried out.</span>}
                </span>
              </Choice>
            ))}
          </Choices>
          <button type="submit" class="solid w-full sm:w-auto mt-8">
            Place the order and pay
          </button>
          <p class="mt-3 text-sm text-soft">The pieces are kept for you for 30 minutes. You pay on the next page.</p>
        </form>
      ) : (
        <p>
          This parcel is too heavy to be sent there in one. Take something out of{' '}
          <a href="/cart" class="quiet">
            your bag
          </a>
          , or choose another address.
        </p>
      )}
    </CheckoutStep>
  )
}

const daysText = ({ minDays, maxDays }: ShippingOption): string =>
  minDays === maxDays
    ? minDays === 1
      ? 'Next working day'
      : `${minDays} working days`
    : `${minDays} to ${maxDays} working days`

function OptionBill({ option: { name, totals }, cart }: { option: ShippingOption; cart: Cart }) {
  return (
    <Bill
      {...totals}
      coupons={couponsOf(cart)}
      shipping={{ name: `Delivery, ${name}`, price: totals.shipping }}
      tax={{ amount: totals.tax, included: totals.taxIncluded }}
    />
  )
}

export function Choices({ legend, children }: { legend: string; children: ComponentChildren }) {
  return (
    <fieldset class="mt-8 first:mt-0">
      <legend class="heading text-2xl mb-3">{legend}</legend>
      <div class="border border-edge bg-card divide-y divide-line">{children}</div>
    </fieldset>
  )
}

type ChoiceProps = { name: string; value: string; checked: boolean; children: ComponentChildren }

export function Choice({ name, value, checked, children }: ChoiceProps) {
  return (
    <label class="flex items-center gap-4 min-h-14 px-4 py-3 cursor-pointer hover:bg-sand has-[:checked]:bg-accentpale">
      <input type="radio" name={name} value={value} checked={checked} class="w-5 h-5 shrink-0" />
      {children}
    </label>
  )
}
