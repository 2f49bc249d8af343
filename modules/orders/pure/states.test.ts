import { expect, test } from 'bun:test'
import { canCancel, canMove, canReturn, ORDER_STATUSES, type OrderStatus } from './states.ts'

test('the way of an order is the table, and nothing else', () => {
  const legal = ORDER_STATUSES.flatMap((from) =>
    ORDER_STATUSES.filter((to) => canMove(from, to)).map((to) => `${from} > ${to}`),
  )
  expect(legal).toEqual([
    'pending > paid',
    'pending > cancelled',
    'paid > packed',
    'paid > cancelled',
    'paid > refunded',
    'packed > shipped',
    'packed > cancelled',
    'packed > refunded',
    'shipped > delivered',
    'shipped > refunded',
    'delivered > return_requested',
    'delivered > refunded',
    'cancelled > paid',
    'cancelled > refunded',
    'return_requested > delivered',
    'return_requested > returned',
    'returned > return_requested',
    'returned > refunded',
    'refunded > return_requested',
  ])
})

const by = (who: 'customer' | 'staff') => ORDER_STATUSES.filter((status) => canCancel(status, who))

test('shoppers cancel until it is packed, staff until it has left; all who may cancel may make that move', () => {
  expect(by('customer')).toEqual(['pending', 'paid'])
  expect(by('staff')).toEqual(['pending', 'paid', 'packed'])
  for (const status of by('staff')) expect(canMove(status, 'cancelled')).toBe(true)
})

test('only what was delivered comes back', () => {
  const returnable: OrderStatus[] = ORDER_STATUSES.filter(canReturn)
  expect(returnable).toEqual(['delivered', 'returned', 'refunded'])
})
