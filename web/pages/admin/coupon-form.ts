import type { InferRequestType } from 'hono/client'
import type { Client } from '../../../openapi/client.ts'
import { readAmount, readMoment } from '../../state/admin.ts'
import { type FieldSpec, type FormState, readForm } from '../../state/forms.ts'

type NewCoupon = InferRequestType<Client['v1']['admin']['coupons']['$post']>['json']

const KINDS = [
  { value: 'percent', label: 'Per cent off the pieces' },
  { value: 'amount', label: 'An amount off the pieces' },
  { value: 'free_shipping', label: 'Free delivery' },
]

const MONEY = { keys: 'decimal', most: 14, optional: true, half: true } as const
const COUNT = { keys: 'numeric', most: 9, optional: true, half: true } as const
const TIME = { type: 'datetime-local', optional: true, half: true, hint: 'In UTC.' } as const

/** When and how often a coupon may be used: what can be changed later. */
export const LIMIT_FIELDS: readonly FieldSpec[] = [
  { ...TIME, name: 'validFrom', label: 'Valid from', wrong: 'Choose a day and a time.' },
  { ...TIME, name: 'validUntil', label: 'Valid until', wrong: 'Choose a day and a time after the first.' },
  {
    ...COUNT,
    name: 'totalLimit',
    label: 'Uses in all',
    wrong: 'Enter a whole number, no smaller than its uses so far.',
  },
  { ...COUNT, name: 'perUserLimit', label: 'Uses for each person', wrong: 'Enter a whole number, or nothing.' },
]

export const NEW_COUPON_FIELDS: readonly FieldSpec[] = [
  {
    name: 'code',
    label: 'Code',
    most: 40,
    hint: 'Letters, digits and dashes, as people type it. Capitals or not does not matter.',
    wrong: 'Use letters, digits and dashes, at most 40.',
  },
  { name: 'kind', label: 'It gives', options: KINDS, wrong: 'Choose one.' },
  {
    ...COUNT,
    name: 'percent',
    label: 'Per cent',
    hint: 'For per cent off.',
    wrong: 'Enter a whole number from 1 to 100, for per cent only.',
  },
  {
    ...MONEY,
    name: 'amount',
    label: 'Amount',
    hint: 'For an amount off.',
    wrong: 'Enter an amount like 12.50, for an amount only.',
  },
  { ...MONEY, name: 'minimumAmount', label: 'From pieces worth', wrong: 'Enter an amount like 50, or nothing.' },
  { name: 'currency', label: 'Currency', most: 3, half: true, optional: true, wrong: 'Enter three letters, like EUR.' },
  ...LIMIT_FIELDS,
]

/** Every amount and count that was typed is right, or has its sentence. */
const sentences = (specs: readonly FieldSpec[]) => Object.fromEntries(specs.map(({ name, wrong }) => [name, wrong]))

export const isStackable = (form: FormData): boolean => form.get('stackable') === 'yes'

/** What a form of LIMIT_FIELDS sets; what cannot be right is told in `state.errors`. */
export function limitsOf(state: FormState) {
  const wrong = sentences(LIMIT_FIELDS)
  const number = (name: 'totalLimit' | 'perUserLimit') => {
    const text = state.values[name] ?? ''
    if (text === '') return null
    const count = Number(text)
    if (Number.isInteger(count) && count > 0) return count
    state.errors[name] = wrong[name] ?? ''
    return null
  }
  const time = (name: 'validFrom' | 'validUntil') => {
    const text = state.values[name] ?? ''
    if (text === '') return null
    const at = readMoment(text)
    if (at) return at
    state.errors[name] = wrong[name] ?? ''
    return null
  }
  const limits = {
    validFrom: time('validFrom'),
    validUntil: time('validUntil'),
    totalLimit: number('totalLimit'),
    perUserLimit: number('perUserLimit'),
  }
  const { validFrom, validUntil } = limits
  if (validFrom && validUntil && validFrom >= validUntil) state.errors['validUntil'] = wrong['validUntil'] ?? ''
  return limits
}

/** The same the other way round: what a form shows of limits. */
export function limitValues(limits: ReturnType<typeof limitsOf>): FormState['values'] {
  const { validFrom, validUntil, totalLimit, perUserLimit } = limits
  return {
    validFrom: validFrom?.slice(0, 16) ?? '',
    validUntil: validUntil?.slice(0, 16) ?? '',
    totalLimit: totalLimit?.toString() ?? '',
    perUserLimit: perUserLimit?.toString() ?? '',
  }
}

/** The coupon that a form describes; undefined while something cannot be right, with a sentence for it. */
export function readCoupon(form: FormData): { state: FormState; coupon: NewCoupon | undefined } {
  const state = readForm(form, NEW_COUPON_FIELDS)
  const { code = '' } = state.values
  const given = worthOf(state)
  const limits = limitsOf(state)
  if (!/^[A-Za-z0-9-]+$/.test(code)) state.errors['code'] = sentences(NEW_COUPON_FIELDS)['code'] ?? ''
  const isRight = Object.keys(state.errors).length === 0
  return { state, coupon: isRight ? { code, ...given, ...limits, stackable: isStackable(form) } : undefined }
}

/** What it gives and from when on; each kind has its own field, and the other stays empty. */
function worthOf(state: FormState) {
  const { kind = '', percent: share = '', amount: sum = '', minimumAmount: least = '' } = state.values
  const currency = (state.values['currency'] ?? '').toUpperCase()
  const wrong = sentences(NEW_COUPON_FIELDS)
  const refuse = (name: string) => void (state.errors[name] = wrong[name] ?? '')
  const money = (name: string, text: string) => {
    const read = text === '' ? undefined : readAmount(text, currency)
    if (text !== '' && !read) refuse(/^[A-Z]{3}$/.test(currency) ? name : 'currency')
    return read?.amount ?? null
  }
  const percent = shareOf(share)
  if (kind === 'percent' ? percent === null : share !== '') refuse('percent')
  const amount = money('amount', sum)
  if ((kind === 'amount') !== (sum !== '')) refuse('amount')
  const minimumAmount = money('minimumAmount', least)
  const isMoney = amount !== null || minimumAmount !== null
  return { kind: kind as NewCoupon['kind'], percent, amount, minimumAmount, currency: isMoney ? currency : null }
}

/** A whole number from 1 to 100. */
const shareOf = (text: string): number | null => (/^([1-9]\d?|100)$/.test(text) ? Number(text) : null)
