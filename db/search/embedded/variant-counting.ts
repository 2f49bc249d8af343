import { type Counters, countMembers, countSets } from './counting.ts'
import { stockWord } from './facet-columns.ts'
import type { Documents, ValueTest, VariantTest } from './filtering.ts'
import { type Segment, VARIANTS_A_WORD } from './segment.ts'

/** How many of the lists have each colour, in a variant that passes but for its colour. */
export const countColours = (
  segment: Segment,
  { colours, sizes, inStock }: VariantTest,
  lists: readonly Documents[],
  counters: Counters,
) =>
  countValues(segment, lists, {
    counters,
    of: colours,
    by: sizes,
    valueOf: segment.variantColour,
    values: segment.meta.colours.length,
    inStock,
  })

/** How many of the lists have each size, in a variant that passes but for its size. */
export const countSizes = (
  segment: Segment,
  { colours, sizes, inStock }: VariantTest,
  lists: readonly Documents[],
  counters: Counters,
) =>
  countValues(segment, lists, {
    counters,
    of: sizes,
    by: colours,
    valueOf: segment.variantSize,
    values: segment.meta.sizes.length,
    inStock,
  })

/** What is counted, and what else is asked of a variant: of its other value, and of its stock. */
type Counting = {
  of: ValueTest
  by: ValueTest
  valueOf: Uint16Array
  values: number
  inStock: boolean
  counters: Counters
}

function countValues(segment: Segment, lists: readonly Documents[], counting: Counting): Uint32Array {
  const { of, by, values, counters } = counting
  const counts = counters(values)
  if (by.open) {
    for (const list of lists) addVariants(segment, list, counting, counts)
    return counts
  }
  // Nothing is asked of the other value: the sets tell it.
  for (const list of lists) countMembers(of.of.sets, countSets(of.of, list, counters), counts)
  return counts
}

function addVariants(segment: Segment, { documents, count }: Documents, counting: Counting, to: Uint32Array): void {
  const { layoutStart, layoutMask, layoutStock } = segment
  const { by, valueOf, inStock } = counting
  const { open = new Uint8Array() } = by
  const { ready, words } = by.masks
  const { column } = by.of
  const variantsAWord = VARIANTS_A_WORD
  /** Which document each value was last counted of. */
  const seen = new Int32Array(to.length).fill(-1)
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    if (open[column[document]!] === 0) continue
    const layout = layoutStock[2 * document]!
    if (ready[layout] === 0) by.masks.prepare(layout)
    const from = layoutMask[layout]!
    const length = layoutMask[layout + 1]! - from
    for (let word = 0; word < length; word++) {
      const first = layoutStart[layout]! + word * variantsAWord
      const stock = length === 1 ? layoutStock[2 * document + 1]! : stockWord(segment, document, word)
      for (let rest = words[from + word]! & (inStock ? stock : -1); rest !== 0; rest &= rest - 1) {
        const value = valueOf[first + 31 - Math.clz32(rest & -rest)]!
        if (seen[value] === document) continue
        seen[value] = document
        to[value]!++
      }
    }
  }
}

/** How many of those that pass have a variant in stock that passes. */
export function countInStock(segment: Segment, test: VariantTest, { documents, count }: Documents): number {
  if (test.inStock) return count
  const { layoutMask, layoutStock } = segment
  const [colours, sizes] = [test.colours.masks, test.sizes.masks]
  let found = 0
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    const layout = layoutStock[2 * document]!
    if (colours.ready[layout] === 0) colours.prepare(layout)
    if (sizes.ready[layout] === 0) sizes.prepare(layout)
    const from = layoutMask[layout]!
    let stocked = 0
    for (let word = 0; word < layoutMask[layout + 1]! - from; word++)
      stocked |= colours.words[from + word]! & sizes.words[from + word]! & stockWord(segment, document, word)
    if (stocked !== 0) found++
  }
  return found
}
