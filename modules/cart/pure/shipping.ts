/** A piece whose weight nobody has said. */
export const DEFAULT_WEIGHT_GRAMS = 400

/** A way to have a parcel sent: its price in minor units of the cart's currency. */
export type ShippingOption = { id: string; name: string; amount: number; minDays: number; maxDays: number }

type Tariff = {
  id: string
  name: string
  days: readonly [number, number]
  /** Prices in euro cents up to so many grams, lightest first; heavier parcels do not go this way. */
  steps: readonly (readonly [grams: number, cents: number])[]
}

const UNION = 'AT BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ')

/** Countries by zone; the first zone that names a country is its own. */
const ZONES: readonly { countries: readonly string[]; tariffs: readonly Tariff[] }[] = [
  {
    countries: ['DE'],
    tariffs: [
      {
        id: 'standard',
        name: 'Standard',
        days: [2, 3],
        steps: [
          [2000, 490],
          [10_000, 690],
          [31_500, 1490],
        ],
      },
      {
        id: 'express',
        name: 'Express',
        days: [1, 1],
        steps: [
          [2000, 1290],
          [10_000, 1690],
        ],
      },
    ],
  },
  {
    countries: UNION,
    tariffs: [
      {
        id: 'standard',
        name: 'Standard',
        days: [3, 6],
        steps: [
          [2000, 990],
          [10_000, 1490],
          [31_500, 2990],
        ],
      },
      {
        id: 'express',
        name: 'Express',
        days: [1, 2],
        steps: [
          [2000, 2490],
          [10_000, 3990],
        ],
      },
    ],
  },
  {
    countries: ['CH', 'GB', 'NO'],
    tariffs: [
      {
        id: 'standard',
        name: 'Standard',
        days: [4, 8],
        steps: [
          [2000, 1490],
          [10_000, 2490],
          [31_500, 4490],
        ],
      },
      {
        id: 'express',
        name: 'Express',
        days: [2, 3],
        steps: [
          [2000, 2990],
          [10_000, 4990],
        ],
      },
    ],
  },
  {
    countries: ['AU', 'CA', 'JP', 'US'],
    tariffs: [
      {
        id: 'standard',
        name: 'Standard',
        days: [7, 14],
        steps: [
          [2000, 1990],
          [10_000, 4490],
          [31_500, 8990],
        ],
      },
      {
        id: 'express',
        name: 'Express',
        days: [3, 5],
        steps: [
          [2000, 4990],
          [10_000, 8990],
        ],
      },
    ],
  },
]

/** What a euro cent of the tariffs is in the minor unit of a currency, set once so that a price stays a round one. */
const PER_CENT: Readonly<Record<string, number>> = { EUR: 1, USD: 1.1, GBP: 0.9, CHF: 1, NOK: 12, SEK: 11, DKK: 7.5 }

/**
 * Every way to send `grams` to `country`, cheapest first; none where no zone covers it, where the parcel is too heavy, or
 * where the tariffs are not given in `currency`.
 */
export function shippingOptions(country: string, grams: number, currency: string): ShippingOption[] {
  const rate = PER_CENT[currency]
  const zone = ZONES.find(({ countries }) => countries.includes(country))
  if (rate === undefined || !zone) return []
  return zone.tariffs
    .flatMap(({ id, name, days: [minDays, maxDays], steps }) => {
      const step = steps.find(([most]) => grams <= most)
      return step ? [{ id, name, amount: Math.round((step[1] * rate) / 10) * 10, minDays, maxDays }] : []
    })
    .toSorted((a, b) => a.amount - b.amount)
}
