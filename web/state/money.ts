import type { Money } from './views.ts'

/**
 * How a reader of English in Ireland writes these currencies, all of a hundred cents. To ask the browser for it costs a
 * slow telephone a tenth of a second, which the first letter typed or a choice of size would wait for.
 */
const SIGNS: Record<string, string> = { EUR: '€', GBP: '£', USD: 'US$' }

const formats = new Map<string, Intl.NumberFormat>()

/** Money as a shopper reads it, every price with its cents, so that prices in a row line up: €49.00, €49.90. */
export function showMoney({ amount, currency }: Money): string {
  const sign = SIGNS[currency]
  if (sign) return write(sign, amount)
  let format = formats.get(currency)
  if (!format) {
    format = new Intl.NumberFormat('en-IE', { style: 'currency', currency })
    formats.set(currency, format)
  }
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

function write(sign: string, amount: number): string {
  const size = Math.abs(amount)
  const whole = String(Math.trunc(size / 100)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  return `${amount < 0 ? '-' : ''}${sign}${whole}.${String(size % 100).padStart(2, '0')}`
}
