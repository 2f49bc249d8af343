import type { Money } from './views.ts'

const formats = new Map<string, Intl.NumberFormat>()

/** Money as a shopper reads it; whole amounts lose their zeros: €49, €49.90. */
export function showMoney({ amount, currency }: Money): string {
  let format = formats.get(currency)
  if (!format) {
    format = new Intl.NumberFormat('en-IE', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' })
    formats.set(currency, format)
  }
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
