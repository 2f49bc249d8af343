import type { Money } from '../../kernel/pure/money.ts'

/** What we know of a payment. `mismatched`: something was paid, and it is not what the order asked for; a person must look. */
export type PaymentStatus = 'prepared' | 'started' | 'processing' | 'succeeded' | 'failed' | 'cancelled' | 'mismatched'

/** What a provider says of a payment now. `charge` names what was paid, for refunds and disputes. */
export type ProviderState =
  | { status: 'waiting' }
  | { status: 'processing' }
  | { status: 'succeeded'; paid: Money; charge: string }
  | { status: 'failed'; reason: string }
  | { status: 'cancelled'; reason: string }

export type Verdict = { status: PaymentStatus; failure: string | null; publish?: 'succeeded' | 'failed' }

/**
 * What follows for a payment from what its provider says now. It may be told late, twice and out of order: a payment that
 * succeeded stays so, a cancelled one only becomes one that succeeded, and nothing is published twice.
 */
export function judge(
  known: { status: PaymentStatus; failure: string | null; due: Money },
  state: ProviderState,
): Verdict {
  const { status, failure, due } = known
  const same = { status, failure }
  if (status === 'succeeded' || status === 'mismatched') return same
  if (state.status === 'succeeded')
    return state.paid.amount === due.amount && state.paid.currency === due.currency
      ? { status: 'succeeded', failure: null, publish: 'succeeded' }
      : { status: 'mismatched', failure: 'amount_mismatch', publish: 'failed' }
  if (status === 'cancelled') return same
  if (state.status === 'waiting') return { status: status === 'failed' ? 'failed' : 'started', failure }
  if (state.status === 'processing') return { status: 'processing', failure: null }
  return status === state.status && failure === state.reason
    ? same
    : { status: state.status, failure: state.reason, publish: 'failed' }
}
