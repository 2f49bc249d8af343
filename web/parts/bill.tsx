import type { ComponentChildren } from 'preact'
import { showMoney } from '../state/money.ts'
import type { Money } from '../state/views.ts'

type RowProps = { name: ComponentChildren; amount: string; strong?: boolean }

function Row({ name, amount, strong }: RowProps) {
  return (
    <div
      class={`flex justify-between gap-6 py-1.5 ${strong ? 'text-lg font-medium border-t border-ink mt-2 pt-3' : ''}`}
    >
      <dt>{name}</dt>
      <dd class="tabular-nums">{amount}</dd>
    </div>
  )
}

type BillProps = {
  items: Money
  discount: Money
  coupons?: string[]
  /** Undefined while nobody knows yet where it goes. */
  shipping?: { name: string; price: Money } | undefined
  tax?: { amount: Money; included: boolean } | undefined
  total: Money
}

/** What it comes to, line by line. */
export function Bill({ items, discount, coupons = [], shipping, tax, total }: BillProps) {
  const off = coupons.length > 0 ? `Discount (${coupons.join(', ')})` : 'Discount'
  return (
    <>
      <dl class="text-[0.95rem]">
        <Row name="Pieces" amount={showMoney(items)} />
        {discount.amount > 0 && <Row name={off} amount={`−${showMoney(discount)}`} />}
        {shipping ? (
          <Row name={shipping.name} amount={shipping.price.amount === 0 ? 'free' : showMoney(shipping.price)} />
        ) : (
          <Row name="Delivery" amount="next step" />
        )}
        {tax && !tax.included && tax.amount.amount > 0 && <Row name="Tax" amount={showMoney(tax.amount)} />}
        <Row name="Total" amount={showMoney(total)} strong />
      </dl>
      {tax?.included && tax.amount.amount > 0 && (
        <p class="text-sm text-soft text-right">of which {showMoney(tax.amount)} tax</p>
      )}
    </>
  )
}
