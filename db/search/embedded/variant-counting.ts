import type { Column } from './columns.ts'
import { type Counters, countMembers, countSets } from './counting.ts'
import { stockWord } from './facet-columns.ts'
import type { Documents } from './marking.ts'
import type { ValueTest, VariantTest } from './variant-testing.ts'
import { type Segment, VARIANTS_A_WORD } from './segment.ts'

/** How many of the lists have each colour and each size, in a variant that passes but for that. */
export function countVariants(
  segment: Segment,
  { colours, sizes, inStock }: VariantTest,
  lists: readonly Documents[],
  counters: Counters,
) {
  const { variantColour, variantSize, meta } = segment
  const asked = { inStock, counters }
  const ofColours = { of: colours, by: sizes, valueOf: variantColour, values: meta.colours.length }
  const ofSizes = { of: sizes, by: colours, valueOf: variantSize, values: meta.sizes.length }
  return {
    colours: countValues(segment, lists, { ...asked, ...ofColours }),
    sizes: countValues(segment, lists, { ...asked, ...ofSizes }),
  }
}

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

/** So many documents at a time are looked up, so that what is read of them waits for memory side by side. */
const BLOCK = 512
const layouts = new Uint32Array(BLOCK)
const passing = new Int32Array(BLOCK)
const firsts = new Uint32Array(BLOCK)

function addVariants(segment: Segment, list: Documents, counting: Counting, to: Uint32Array): void {
  const { open = new Uint8Array() } = counting.by
  /** Which document each value was last counted of. */
  const seen = new Int32Array(to.length).fill(-1)
  const documents = pickOpen(list, counting.by.of.column, open)
  for (let from = 0; from < documents.length; from += BLOCK) {
    const block = documents.subarray(from, from + BLOCK)
    for (let i = 0; i < block.length; i++) layouts[i] = segment.layoutStock[2 * block[i]!]!
    readFirstWords(segment, block, counting)
    for (let i = 0; i < block.length; i++) {
      const document = block[i]!
      addWord(counting.valueOf, { passing: passing[i]!, first: firsts[i]! }, { document, seen, to })
      const layout = layouts[i]!
      if (segment.layoutMask[layout + 1]! - segment.layoutMask[layout]! > 1)
        addOtherWords(segment, document, counting, { seen, to })
    }
  }
}

/** The variants that pass among the first 32 of each document. */
function readFirstWords(segment: Segment, block: Uint32Array, { by: { masks }, inStock }: Counting): void {
  const { layoutStart, layoutMask, layoutStock } = segment
  for (let i = 0; i < block.length; i++) {
    const layout = layouts[i]!
    const from = layoutMask[layout]!
    const isOne = layoutMask[layout + 1]! - from === 1
    const stock = isOne ? layoutStock[2 * block[i]! + 1]! : stockWord(segment, block[i]!, 0)
    firsts[i] = layoutStart[layout]!
    passing[i] = masks[from]! & (inStock ? stock : -1)
  }
}

type Seen = { seen: Int32Array; to: Uint32Array }

function addWord(
  valueOf: Uint16Array,
  { passing: bits, first }: { passing: number; first: number },
  { document, seen, to }: Seen & { document: number },
): void {
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    const value = valueOf[first + 31 - Math.clz32(rest & -rest)]!
    if (seen[value] === document) continue
    seen[value] = document
    to[value]!++
  }
}

function addOtherWords(segment: Segment, document: number, { by, valueOf, inStock }: Counting, seen: Seen): void {
  const { layoutStart, layoutMask, layoutStock } = segment
  const layout = layoutStock[2 * document]!
  const from = layoutMask[layout]!
  for (let word = 1; word < layoutMask[layout + 1]! - from; word++) {
    const bits = by.masks[from + word]! & (inStock ? stockWord(segment, document, word) : -1)
    addWord(valueOf, { passing: bits, first: layoutStart[layout]! + word * VARIANTS_A_WORD }, { document, ...seen })
  }
}

/** What has an open set of values; without a branch, which nobody could foresee. */
function pickOpen({ documents, count }: Documents, column: Column, open: Uint8Array): Uint32Array {
  const found = new Uint32Array(count)
  let n = 0
  for (let i = 0; i < count; i++) {
    found[n] = documents[i]!
    n += open[column[documents[i]!]!]!
  }
  return found.subarray(0, n)
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
    const from = layoutMask[layout]!
    let stocked = 0
    for (let word = 0; word < layoutMask[layout + 1]! - from; word++)
      stocked |= colours[from + word]! & sizes[from + word]! & stockWord(segment, document, word)
    if (stocked !== 0) found++
  }
  return found
}
