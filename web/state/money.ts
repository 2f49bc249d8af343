import type { Money } from './views.ts'

const formats = new Map<string, Intl.NumberFormat>()

/** Money as a shopper reads it, every price with its cents, so that prices in a row line up: €49.00, €49.90. */
export function showMoney({ amount, currency }: Money): string {
  let format = formats.get(currency)
  if (!format) {
    format = new Intl.NumberFormat('en-IE', { style: 'currency', currency })
    formats.set(currency, format)
  }
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
