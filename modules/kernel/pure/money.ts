/** Integer minor units with their ISO 4217 currency: never a float, never a bare number. */
export type Money = { amount: number; currency: string }

/** Throws when the currencies differ: adding euros to dollars is a bug, not a case. */
export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new Error(`Cannot add ${b.currency} to ${a.currency}`)
  return { amount: a.amount + b.amount, currency: a.currency }
}

/** `share` of the money (a tax rate, a discount), rounded half away from zero to the minor unit. */
export function multiplyMoney({ amount, currency }: Money, share: number): Money {
  const exact = amount * share
  return { amount: Math.sign(exact) * Math.round(Math.abs(exact)), currency }
}

/** As a reader of `locale` writes it: `formatMoney({ amount: 1999, currency: 'EUR' }, 'en')` is `€19.99`. */
export function formatMoney({ amount, currency }: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
