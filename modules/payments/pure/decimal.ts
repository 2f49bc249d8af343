import type { Money } from '../../kernel/pure/money.ts'

/** Currencies that PayPal takes in whole units only, though ISO 4217 gives them cents. */
const WHOLE = new Set(['HUF', 'TWD'])

/** Decimals of ISO 4217, from the runtime's own table. */
const isoDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** Minor units as a decimal: 1999 EUR is `19.99`. Throws for what such a currency cannot say. */
export function toDecimal({ amount, currency }: Money): string {
  const digits = isoDigits(currency)
  if (WHOLE.has(currency)) {
    if (amount % 10 ** digits !== 0) throw new Error(`${currency} is paid in whole units, not ${amount} minor ones`)
    return String(amount / 10 ** digits)
  }
  const text = String(amount).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** The other way round, exactly; undefined for what is no amount of that currency. */
export function fromDecimal(value: string, currency: string): Money | undefined {
  const digits = isoDigits(currency)
  const [, whole = '', rest = ''] = /^(\d{1,12})(?:\.(\d{1,3}))?$/.exec(value) ?? []
  if (whole === '' || rest.replace(/0+$/, '').length > digits) return undefined
  return { amount: Number(whole + rest.slice(0, digits).padEnd(digits, '0')), currency }
}
