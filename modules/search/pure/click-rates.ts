import { type Propensities, propensityAt } from './position-bias.ts'

/** Clicks, and how many looks there were: places count as far as they are looked at. */
type Tally = [clicks: number, looks: number]

/** As it is kept: the pairs of query and product are those that were looked at most. */
export type KeptRates = { all: Tally; products: Record<string, Tally>; pairs: Record<string, Tally> }

/** What was shown for a query, and which of it was clicked. */
type RatedList = {
  query: string
  shown: readonly { id: string; position: number }[]
  clicked: Pick<ReadonlySet<string>, 'has'>
}

/** So many looks say as much about a product as all others, and about a product for a query as the product elsewhere. */
const PRODUCT_LOOKS = 20
const PAIR_LOOKS = 10
const ASSUMED_RATE = 0.1

const pairOf = (query: string, id: string) => `${query.trim().toLowerCase()}\n${id}`

/** How often products are clicked when they are seen, for a query and at all. */
export function createClickRates(kept?: KeptRates) {
  const all: Tally = [...(kept?.all ?? ([0, 0] as const))]
  const products = new Map<string, Tally>(Object.entries(kept?.products ?? {}))
  const pairs = new Map<string, Tally>(Object.entries(kept?.pairs ?? {}))

  function count(tallies: Map<string, Tally>, key: string, clicks: number, looks: number): void {
    const tally = tallies.get(key)
    if (tally) [tally[0], tally[1]] = [tally[0] + clicks, tally[1] + looks]
    else tallies.set(key, [clicks, looks])
  }

  return {
    add({ query, shown, clicked }: RatedList, propensities: Propensities): void {
      for (const { id, position } of shown) {
        const clicks = clicked.has(id) ? 1 : 0
        // Who clicks has looked.
        const looks = clicks || propensityAt(propensities, position)
        ;[all[0], all[1]] = [all[0] + clicks, all[1] + looks]
        count(products, id, clicks, looks)
        count(pairs, pairOf(query, id), clicks, looks)
      }
    },

    /** Of a product for this query: .5 like most, towards 1 more often, towards 0 less; few looks say little. */
    of(query: string): (id: string) => number {
      const usual = all[1] > 0 && all[0] > 0 ? all[0] / all[1] : ASSUMED_RATE
      return (id) => {
        const rate = smoothed(products.get(id), usual, PRODUCT_LOOKS)
        const exact = smoothed(pairs.get(pairOf(query, id)), rate, PAIR_LOOKS)
        return exact / (exact + usual)
      }
    },

    /** The most looked at of each. */
    keep: (most: number): KeptRates => ({
      all: [all[0], all[1]],
      products: mostLooked(products, most),
      pairs: mostLooked(pairs, most),
    }),
  }
}

export type ClickRates = ReturnType<typeof createClickRates>

const smoothed = (tally: Tally | undefined, usual: number, looks: number) =>
  tally ? (tally[0] + looks * usual) / (tally[1] + looks) : usual

const rounded = (value: number) => Math.round(value * 100) / 100

const mostLooked = (tallies: Map<string, Tally>, most: number): Record<string, Tally> =>
  Object.fromEntries(
    [...tallies]
      .toSorted(([, a], [, b]) => b[1] - a[1])
      .slice(0, most)
      .map(([key, [clicks, looks]]) => [key, [rounded(clicks), rounded(looks)]]),
  )
