import { expect, test } from 'bun:test'
import { judge, type PaymentStatus, type ProviderState } from './judge.ts'

const due = { amount: 4990, currency: 'EUR' }
const paid: ProviderState = { status: 'succeeded', paid: due, charge: 'ch' }
const STATES: ProviderState[] = [
  paid,
  { status: 'waiting' },
  { status: 'processing' },
  { status: 'failed', reason: 'declined' },
  { status: 'failed', reason: 'expired_card' },
  { status: 'cancelled', reason: 'cancelled' },
]

/** Every sequence of `length` states. */
function* sequences(length: number): Generator<ProviderState[]> {
  if (length === 0) return yield []
  for (const rest of sequences(length - 1)) for (const state of STATES) yield [state, ...rest]
}

test('whatever a provider says and in whatever order, success is told once and stays', () => {
  for (const said of sequences(5)) {
    let known: { status: PaymentStatus; failure: string | null } = { status: 'started', failure: null }
    const told: string[] = []
    for (const state of said) {
      const { publish, ...next } = judge({ ...known, due }, state)
      if (publish) told.push(publish)
      known = next
    }
    expect(told.filter((one) => one === 'succeeded')).toHaveLength(said.includes(paid) ? 1 : 0)
    if (said.includes(paid))
      expect([known.status, known.failure, told.at(-1)]).toEqual(['succeeded', null, 'succeeded'])
  }
})

test('the same failure is told once, another one again', () => {
  const declined: ProviderState = { status: 'failed', reason: 'declined' }
  expect(judge({ status: 'failed', failure: 'declined', due }, declined).publish).toBeUndefined()
  expect(judge({ status: 'failed', failure: 'expired_card', due }, declined).publish).toBe('failed')
})

test('another amount or currency is no success, and no later word makes it one', () => {
  for (const wrong of [
    { ...due, amount: 4989 },
    { ...due, currency: 'USD' },
  ]) {
    const verdict = judge({ status: 'started', failure: null, due }, { status: 'succeeded', paid: wrong, charge: 'ch' })
    expect(verdict).toEqual({ status: 'mismatched', failure: 'amount_mismatch', publish: 'failed' })
    expect(judge({ ...verdict, due }, paid)).toEqual({ status: 'mismatched', failure: 'amount_mismatch' })
  }
})
