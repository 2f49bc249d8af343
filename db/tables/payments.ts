import type { ColumnType, Generated, JSONColumnType } from 'kysely'

export type PaymentsTables = {
  'payments.payment': {
    id: string
    order_id: string
    provider: string
    amount: number
    currency: string
    status: 'prepared' | 'started' | 'processing' | 'succeeded' | 'failed' | 'cancelled' | 'mismatched'
    failure: string | null
    provider_ref: string | null
    charge_ref: string | null
    refunded_amount: Generated<number>
    created_at: ColumnType<Date, Date, never>
    check_at: Date | null
  }
  'payments.refund': {
    id: string
    payment_id: string
    amount: number
    reason: string
    status: 'pending' | 'succeeded' | 'failed'
    failure: string | null
    provider_ref: string | null
    created_at: ColumnType<Date, Date, never>
    check_at: Date | null
  }
  'payments.dispute': {
    provider: string
    provider_ref: string
    payment_id: string
    status: string
    reason: string
    amount: number
    currency: string
    opened_at: Date
    said_at: Date
  }
  'payments.webhook_event': {
    provider: string
    event_id: string
    type: string
    about: JSONColumnType<object, string, never>
    received_at: Date
    outcome: string | null
  }
  'payments.test_charge': {
    payment_id: string
    status: 'started' | 'succeeded' | 'declined' | 'confirming' | 'silent' | 'cancelled'
    amount: number
    currency: string
    told_at: Date
  }
}
