import { expect, test } from 'bun:test'
import { showMoney } from './money.ts'

test('money reads as the rules of the language have it, whoever writes it', () => {
  const amounts = [0, 1, 9, 10, 99, 100, 101, 4990, 99_999, 100_000, 123_456_789, -1, -550, -1_234_567]
  for (const currency of ['EUR', 'GBP', 'USD', 'SEK', 'JPY', 'CHF']) {
    const rules = new Intl.NumberFormat('en-IE', { style: 'currency', currency })
    const cents = 10 ** (rules.resolvedOptions().maximumFractionDigits ?? 2)
    expect(amounts.map((amount) => showMoney({ amount, currency }))).toEqual(
      amounts.map((amount) => rules.format(amount / cents)),
    )
  }
})
